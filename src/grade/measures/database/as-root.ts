import { statementsAsRoot, type Outcome, type Row } from '../../../checks/database/as-root.ts';
import { failure } from '../../../errors.ts';
import { execAnywhere } from '../in-theirs.ts';
import type { MeasureContext } from '../measure.ts';

/** A submission's option file may have groups that clients read: the grader's client reads none of it. */
export const ownClient = ['mysql', '--no-defaults', '--user=root', '--socket=/run/mysqld/mysqld.sock'];

/** Statements as MySQL's administrator over the server's socket, one outcome each. @throws when the server does not answer */
export function asRoot(context: MeasureContext, service: string, statements: readonly string[]): Promise<Outcome[]> {
  return statementsAsRoot({ exec: execAnywhere(context) }, service, statements, ownClient);
}

/** The same, where each statement must succeed: the rows of the last. @throws MySQL's own words */
export async function rowsOfLast(
  context: MeasureContext,
  service: string,
  statements: readonly string[],
): Promise<Row[]> {
  const outcomes = await asRoot(context, service, statements);
  const wrong = outcomes.find((outcome) => 'error' in outcome);
  if (wrong !== undefined && 'error' in wrong)
    throw failure('SQL', { message: `${service} refused`, found: wrong.error });
  const last = outcomes.at(-1);
  return last !== undefined && 'rows' in last ? last.rows : [];
}

/** The database that the exercise is about. */
export function databaseOf({ parameters, plan }: MeasureContext): string {
  return parameters['database'] ?? plan.lab.database.name;
}
