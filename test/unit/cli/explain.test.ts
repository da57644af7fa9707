import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/cli/explain.ts';
import { Interrupted } from '../../../src/cli/interruption.ts';
import { failure, inputError, machineError } from '../../../src/errors.ts';
import { noColours } from '../../../src/report/colours.ts';

describe('how an error ends a command', () => {
  it.each([
    [inputError('A', { message: 'm' }), 2],
    [machineError('A', { message: 'm' }), 3],
    [failure('A', { message: 'm' }), 1],
    [new Interrupted('SIGINT'), 130],
    [new Interrupted('SIGTERM'), 143],
    [new TypeError('x is not a function'), 70],
    ['not even an error', 70],
  ])('%s', (error, code) => expect(explain(error, noColours).exitCode).toBe(code));

  it('shows no stack of a defect, unless it is asked for, and then its causes too', () => {
    const error = new Error('outer', { cause: new RangeError('inner') });
    expect(explain(error, noColours).text).not.toContain('explain.test');
    const { text } = explain(error, noColours, true);
    expect(text.match(/explain\.test/g)?.length).toBeGreaterThanOrEqual(2);
    expect(text).toContain('caused by RangeError: inner');
  });

  it('never shows a stack of what the user can mend', () => {
    expect(explain(inputError('A', { message: 'm' }, new Error('why')), noColours, true).text).not.toMatch(
      /^\s+at .*:\d+:\d+/m,
    );
  });

  it('says that the engine went away, when its socket has', async () => {
    const [error] = (await once(connect('/nowhere/docker.sock'), 'error')) as [Error];
    expect(explain(error, noColours)).toMatchObject({ code: 'ENGINE_GONE', exitCode: 3 });
  });

  it('takes a path that cannot be used for the user’s mistake', () => {
    const error = thrownBy(() => mkdirSync('/dev/null/folder'));
    expect(explain(error, noColours)).toMatchObject({ code: 'PATH_UNUSABLE', exitCode: 2 });
    expect(explain(error, noColours).text).toContain('/dev/null/folder');
  });
});

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
