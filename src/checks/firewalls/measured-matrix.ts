import type { CheckContext } from '../check.ts';
import { once } from '../once.ts';
import { listeningAll } from './listening.ts';
import { matrixOf, type MatrixRow } from './matrix.ts';

/** The matrix of the lab as it runs: with every port that something listens on now. */
export function matrix(context: CheckContext): Promise<MatrixRow[]> {
  return once(context, 'matrix', async () => matrixOf(context.plan, await listeningAll(context)));
}
