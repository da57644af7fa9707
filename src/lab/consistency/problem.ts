import type { Problem } from '../../errors.ts';
import { didYouMean } from '../nearest-name.ts';

/** A problem of a lab and the path in `lab.yml` that it stands at. */
export interface LabProblem extends Problem {
  path: readonly (string | number)[];
}

/** A name that stands for nothing. @param names the ones that would do */
export function unknownName(
  path: LabProblem['path'],
  message: string,
  found: string,
  names: readonly string[],
): LabProblem {
  const expected = names.length > 0 ? { expected: names.join(', ') } : {};
  return { path, message, ...expected, ...didYouMean(found, names) };
}

/** A name that means something else already. @param why what it means */
export function takenName(path: LabProblem['path'], why: string): LabProblem {
  return { path, message: `${path.join('.')}: ${why}`, fix: 'choose another name' };
}

/** What every JavaScript object has of itself: a look-up by this name finds it in any table. */
export const builtIn = 'constructor';
