import { describe, expect, it } from 'vitest';
import { inputError } from '../../../src/errors.ts';
import { noColours } from '../../../src/report/colours.ts';
import { errorJson, errorText } from '../../../src/report/errors.ts';

const problem = {
  message: 'there is no zone "wbe"',
  expected: 'dmz, web',
  found: 'wbe',
  where: { file: 'lab.yml', line: 3, column: 7 },
  fix: 'did you mean "web"?',
};

describe('an error for people', () => {
  it('says what, where, expected, found and what to do', () => {
    const text = errorText(inputError('LAB_INVALID', problem), noColours);
    for (const part of ['LAB_INVALID', problem.message, 'lab.yml:3:7', problem.expected, problem.fix])
      expect(text).toContain(part);
  });

  it('shows all problems and counts them', () => {
    const text = errorText(inputError('LAB_INVALID', [problem, { message: 'port 70000' }]), noColours);
    expect(text).toMatch(/^2 problems/);
    expect(text.match(/✖/g)).toHaveLength(2);
  });

  it('lets nobody else drive the terminal', () => {
    const text = errorText(inputError('A', { message: 'a\u001b[2Jb', found: 'one\ntwo\u009b31m\u0007' }), noColours);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).toMatch(/one\n +two/);
  });
});

describe('an error for programs', () => {
  it('has a code and the problems, as they are', () => {
    expect(errorJson(inputError('LAB_INVALID', problem))).toEqual({
      error: { code: 'LAB_INVALID', problems: [problem] },
    });
  });
});
