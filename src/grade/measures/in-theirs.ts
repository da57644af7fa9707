import type { ExecOutcome } from '../../../checks/check.ts';
import { CommandTimeout } from '../../../engine/shell.ts';
import type { MeasureContext } from '../measure.ts';

/**
 * Runs a command in a container that a submission had its hands in, as the service's own user. That it cannot be run is an outcome (exit
 * code -1): the container has ended, takes no more processes, or a script has killed whatever it could.
 */
export async function inTheirs(
  context: MeasureContext,
  service: string,
  argv: readonly string[],
  timeoutMs = 10_000,
): Promise<ExecOutcome> {
  const attempt = (): Promise<ExecOutcome> => context.lab.exec(service, argv, { timeoutMs });
  try {
    // A shell that was open may have been killed: the next one is new.
    return await attempt().catch((error: unknown) => (isDead(error) ? attempt() : Promise.reject(error as Error)));
  } catch (error) {
    if (!isTheirs(error)) throw error;
    return { exitCode: -1, stdout: '', stderr: error instanceof Error ? error.message : String(error) };
  }
}

function isDead(error: unknown): boolean {
  return error instanceof Error && /shell has ended|EPIPE|write after end/.test(error.message);
}

/** The engine answers, and says that it cannot be done in there. */
function isTheirs(error: unknown): boolean {
  const { statusCode } = error as { statusCode?: number };
  return error instanceof CommandTimeout || isDead(error) || statusCode === 409 || statusCode === 500;
}
