import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { questionOf } from '../../../src/why/question.ts';
import { referenceLab, settingsWith } from '../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith());

test.each([
  ['web1', { kind: 'service', service: 'web1' }],
  ['edge', { kind: 'zone', zone: 'edge' }],
  ['host', { kind: 'host' }],
])('from %s', (from, source) => {
  expect(questionOf(plan, from, 'db-primary:3306')).toMatchObject({
    from: source,
    to: { service: 'db-primary', port: 3306, protocol: 'tcp' },
  });
});

test.each([
  ['web9', 'db-primary:3306', 'did you mean "web1"?'],
  ['web1', 'db-primar:3306', 'did you mean "db-primary"?'],
  ['web1', 'db-primary', undefined],
  ['web1', 'db-primary:0', undefined],
  ['web1', 'db-primary:65536', undefined],
  ['web1', 'web1:80', undefined],
  ['core', 'web1:80', undefined],
])('%s to %s is wrong input', (from, to, fix) => {
  try {
    questionOf(plan, from, to);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).exitCode).toBe(2);
    if (fix !== undefined) expect((error as UserError).problems[0]?.fix).toBe(fix);
  }
});
