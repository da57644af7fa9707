import { codedError } from './operations/failure.ts';
import type { SqlOutcome } from './operations/sql.ts';

/** The rows of a statement. @throws MySQL's own words when it failed */
export function rowsOf(outcome: SqlOutcome | undefined): Record<string, unknown>[] {
  if (outcome === undefined) throw new Error('no such statement was run');
  if (outcome.ok) return outcome.rows;
  const { code, errno, message } = outcome.error;
  throw codedError(code, errno === 0 ? `${message} (${code})` : `MySQL error ${errno}: ${message}`);
}
