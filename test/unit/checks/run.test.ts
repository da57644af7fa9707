import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failed, passed, skipped, type Check } from '../../../src/checks/check.ts';
import type { CheckResult } from '../../../src/checks/result.ts';
import { runChecks } from '../../../src/checks/run.ts';
import { collide } from '../../../src/checks/schedule.ts';
import { failure } from '../../../src/errors.ts';
import type { LabEvent } from '../../../src/events.ts';
import { aCheck, emptyContext } from './a-check.ts';

const context = emptyContext();

async function resultsOf(checks: readonly Check[], only?: string): Promise<Record<string, CheckResult>> {
  const { checks: results } = await runChecks({ checks, context, ...(only === undefined ? {} : { only }) });
  return Object.fromEntries(results.map((result) => [result.id, result]));
}

test('the result has the shape of the contract, in the order of definition', async () => {
  const checks = [aCheck('b', { points: 3, run: async () => failed('that') }), aCheck('a', { points: 2 })];
  expect(await runChecks({ checks, context })).toEqual({
    lab: 'a-lab',
    project: 'a-project',
    summary: { passed: 1, failed: 1, skipped: 0, points: 2, of: 5, durationMs: expect.any(Number) as number },
    checks: [
      {
        id: 'b',
        title: 'title of b',
        requirement: 'firewalls',
        status: 'failed',
        points: 3,
        expected: 'this',
        observed: 'that',
        reproduce: 'do that',
        hint: 'look there',
        blockedBy: null,
        durationMs: expect.any(Number) as number,
      },
      expect.objectContaining({ id: 'a', status: 'passed', observed: 'this' }),
    ],
    absent: ['tls', 'balancing', 'servers', 'database', 'monitoring', 'hardening'],
  });
});

test('what depends on a failure is skipped, blocked by the one to be mended, and keeps its points', async () => {
  const checks = [
    aCheck('c', { dependsOn: ['b'] }),
    aCheck('b', { dependsOn: ['a'] }),
    aCheck('a', { run: async () => failed('no') }),
  ];
  const results = await resultsOf(checks);
  expect(results['b']).toMatchObject({ status: 'skipped', blockedBy: 'a', points: 1 });
  expect(results['c']).toMatchObject({ status: 'skipped', blockedBy: 'a', points: 1 });
});

test('what does not apply here counts for no points, nor does what depends on it', async () => {
  const checks = [
    aCheck('a', { run: async () => skipped('not here') }),
    aCheck('b', { dependsOn: ['a'] }),
    aCheck('c'),
  ];
  const { summary, checks: results } = await runChecks({ checks, context });
  expect(summary).toMatchObject({ passed: 1, skipped: 2, points: 1, of: 1 });
  expect(results[1]).toMatchObject({ status: 'skipped', blockedBy: 'a', points: 0 });
});

test('whatever is thrown makes a check fail in the error’s words', async () => {
  const results = await resultsOf([
    aCheck('user', { run: () => Promise.reject(failure('X', { message: 'it is closed', found: 'RST' })) }),
    aCheck('wire', { run: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) }),
    aCheck('defect', { run: () => (undefined as unknown as { x: () => Promise<never> }).x() }),
  ]);
  expect(results['user']).toMatchObject({ status: 'failed', observed: 'it is closed: RST' });
  expect(results['wire']).toMatchObject({ status: 'failed', observed: 'refused' });
  expect(results['defect']?.observed).toMatch(/^could not be measured: /);
});

test('a check that does not end is cut off, and told', async () => {
  let told = false;
  const run: Check['run'] = ({ signal }) =>
    new Promise((resolve) => signal.addEventListener('abort', () => ((told = true), resolve(passed('late')))));
  const results = await resultsOf([aCheck('slow', { timeoutMs: 20, run })]);
  expect(results['slow']).toMatchObject({ status: 'failed', observed: 'not measured within 20 ms' });
  expect(told).toBe(true);
});

test('what settles is measured again until it passes; what does not fails with the last observation', async () => {
  let times = 0;
  const settling = aCheck('settling', {
    retry: { deadlineMs: 5000 },
    run: async () => (++times < 3 ? failed(`${times}`) : passed(`${times}`)),
  });
  const never = aCheck('never', { retry: { deadlineMs: 60 }, run: async () => failed('no') });
  const results = await resultsOf([settling, never]);
  expect(results['settling']).toMatchObject({ status: 'passed', observed: '3' });
  expect(results['never']).toMatchObject({ status: 'failed', observed: 'no' });
});

test('--only reports what matches, and runs what it depends on unseen', async () => {
  const ran: string[] = [];
  const note = (id: string, rest: Partial<Check> = {}): Check =>
    aCheck(id, { ...rest, run: async () => (ran.push(id), passed('this')) });
  const events: LabEvent[] = [];
  const checks = [note('up'), note('tls.chain', { dependsOn: ['up'] }), note('database.rows')];
  const { checks: results } = await runChecks({ checks, context, only: 'tls.*', emit: (event) => events.push(event) });
  expect(results.map(({ id }) => id)).toEqual(['tls.chain']);
  expect(ran).toEqual(['up', 'tls.chain']);
  expect(events.map((event) => ('step' in event ? event.step : []))).toEqual([
    ['checks', 'tls.chain'],
    ['checks', 'tls.chain'],
  ]);
});

test('--only that matches nothing is the user’s to mend; unsound checks are ours', async () => {
  await expect(resultsOf([aCheck('a')], 'x*')).rejects.toMatchObject({ code: 'CHECK_UNKNOWN', exitCode: 2 });
  await expect(resultsOf([aCheck('a'), aCheck('a')])).rejects.toThrow('two checks are called a');
  await expect(resultsOf([aCheck('a', { dependsOn: ['b'] })])).rejects.toThrow('which is no check');
  const circle = [aCheck('a', { dependsOn: ['b'] }), aCheck('b', { dependsOn: ['a'] })];
  await expect(resultsOf(circle)).rejects.toThrow('depend on each other');
});

test('a run that is given up lets checks put back what they disturbed, and starts no others', async () => {
  const giveUp = new AbortController();
  const ran: string[] = [];
  const disturbing = aCheck('a', {
    disturbs: ['web'],
    run: async ({ signal }) => {
      giveUp.abort(new Error('Ctrl-C'));
      try {
        signal.throwIfAborted();
        return passed('this');
      } finally {
        await new Promise(setImmediate);
        ran.push('put back');
      }
    },
  });
  const next = aCheck('b', { disturbs: ['web'], run: async () => (ran.push('b'), passed('this')) });
  const run = runChecks({ checks: [disturbing, next], context: emptyContext(giveUp.signal) });
  await expect(run).rejects.toThrow('Ctrl-C');
  expect(ran).toEqual(['put back']);
});

test('no two checks that collide run at once, dependencies come first, and the width is kept', async () => {
  const things = fc.subarray(['web', 'database', 'edge']);
  const shape = fc.array(
    fc.record({ disturbs: things, needs: things, before: fc.array(fc.nat(20), { maxLength: 2 }), turns: fc.nat(3) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(shape, fc.integer({ min: 1, max: 5 }), async (shapes, width) => {
      const running = new Set<Check>();
      const ended = new Set<string>();
      const checks: Check[] = shapes.map(({ disturbs, needs, before, turns }, index) => {
        const dependsOn = index === 0 ? [] : before.map((one) => `c${one % index}`);
        const check = aCheck(`c${index}`, {
          disturbs,
          needs,
          dependsOn,
          run: async () => {
            expect([...running].filter((other) => collide(check, other))).toEqual([]);
            expect(dependsOn.every((id) => ended.has(id))).toBe(true);
            running.add(check);
            expect(running.size).toBeLessThanOrEqual(width);
            for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
            running.delete(check);
            ended.add(check.id);
            return passed('this');
          },
        });
        return check;
      });
      const { summary } = await runChecks({ checks, context, width });
      expect(summary.passed).toBe(checks.length);
    }),
    { numRuns: 60 },
  );
});
