import { passed, type Check, type CheckContext } from '../../../src/checks/check.ts';

/** A check that passes at once, but for what is said. */
export function aCheck(id: string, rest: Partial<Check> = {}): Check {
  return {
    id,
    title: `title of ${id}`,
    requirement: 'firewalls',
    points: 1,
    expected: 'this',
    reproduce: 'do that',
    hint: 'look there',
    run: async () => passed('this'),
    ...rest,
  };
}

/** A context for checks that measure nothing. */
export function emptyContext(signal: AbortSignal = new AbortController().signal): CheckContext {
  return { plan: { lab: { name: 'a-lab' } }, project: 'a-project', signal } as unknown as CheckContext;
}
