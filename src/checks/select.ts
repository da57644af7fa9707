import picomatch from 'picomatch';
import { inputError } from '../errors.ts';
import type { Check } from './check.ts';

export interface Selection {
  /** Those that are reported, in the order of their definition. */
  reported: readonly Check[];
  /** Those that are run: the reported ones and, unseen, all that they depend on. */
  run: readonly Check[];
}

/**
 * The checks whose id matches any of the globs, such as `tls.*` or `{tls,database}.*`. What they depend on is run too, though not reported:
 * a check gives the same verdict alone as among all.
 * @throws `CHECK_UNKNOWN` when nothing matches
 */
export function selectChecks(checks: readonly Check[], only?: string | readonly string[]): Selection {
  assertSound(checks);
  if (only === undefined) return { reported: checks, run: checks };
  const globs = [only].flat();
  const matches = picomatch(globs);
  const reported = checks.filter(({ id }) => matches(id));
  if (reported.length === 0) {
    throw inputError('CHECK_UNKNOWN', {
      message: `no check matches ${globs.join(', ')}`,
      expected: 'an id, or a glob over ids such as `tls.*`',
      fix: 'see `lab list checks`',
    });
  }
  const wanted = new Set<string>();
  const byId = new Map(checks.map((check) => [check.id, check]));
  const want = (check: Check): void => {
    if (wanted.has(check.id)) return;
    wanted.add(check.id);
    for (const id of check.dependsOn ?? []) want(byId.get(id) as Check);
  };
  reported.forEach(want);
  return { reported, run: checks.filter(({ id }) => wanted.has(id)) };
}

/** @throws a defect when two checks share an id, or one depends on something unknown or on itself */
function assertSound(checks: readonly Check[]): void {
  const byId = new Map(checks.map((check) => [check.id, check]));
  if (byId.size !== checks.length) {
    const twice = checks.find((check) => byId.get(check.id) !== check);
    throw new Error(`two checks are called ${twice?.id}`);
  }
  const done = new Set<string>();
  const visit = (check: Check, path: readonly string[]): void => {
    if (path.includes(check.id)) throw new Error(`checks depend on each other: ${[...path, check.id].join(' -> ')}`);
    if (done.has(check.id)) return;
    for (const id of check.dependsOn ?? []) {
      const dependency = byId.get(id);
      if (dependency === undefined) throw new Error(`${check.id} depends on ${id}, which is no check`);
      visit(dependency, [...path, check.id]);
    }
    done.add(check.id);
  };
  for (const check of checks) visit(check, []);
}
