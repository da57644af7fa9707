import type { CheckContext, ExecOutcome } from '../../checks/check.ts';
import { CommandTimeout } from '../../engine/shell.ts';
import type { MeasureContext } from './measure.ts';

type Options = NonNullable<Parameters<CheckContext['exec']>[2]>;

/**
 * Runs a command in a container that a submission had its hands in, as the service's own user. That it cannot be run is an outcome (exit
 * code -1): the container has ended, takes no more processes or does not answer, or a script has
 * killed whatever it could.
 */
export async function inTheirs(
  context: MeasureContext,
  service: string,
  argv: readonly string[],
  options: Options = {},
): Promise<ExecOutcome> {
  const attempt = (): Promise<ExecOutcome> => context.lab.exec(service, argv, { timeoutMs: 10_000, ...options });
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

/** The engine answers, and says that it cannot be done in there; 404 when it ended between the making of an exec and its start. */
function isTheirs(error: unknown): boolean {
  const { statusCode } = error as { statusCode?: number };
  return error instanceof CommandTimeout || isDead(error) || [404, 409, 500].includes(statusCode ?? 0);
}

/** The same as `lab.exec`, where only of the services that run with a submission's files what fails is an outcome. */
export function execAnywhere(context: MeasureContext): CheckContext['exec'] {
  const theirs = context.exercise.stage.theirs.map(({ service }) => service);
  return (service, argv, options) =>
    theirs.includes(service) ? inTheirs(context, service, argv, options) : context.lab.exec(service, argv, options);
}
