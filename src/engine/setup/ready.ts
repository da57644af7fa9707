import type Docker from 'dockerode';
import { machineError, UserError } from '../../errors.ts';
import { findCompose } from '../compose.ts';
import { connect } from '../docker.ts';
import { setup, type SetupOptions } from './setup.ts';

/** Shows what would be done to this machine and asks. */
export type Confirm = SetupOptions['confirm'];

/** What `lab setup` can mend. */
const mendable = ['ENGINE_MISSING', 'ENGINE_TOO_OLD', 'COMPOSE_MISSING', 'COMPOSE_TOO_OLD'];

/**
 * An engine and Compose that will do; where they are missing, sets them up after asking.
 * @throws UserError SETUP_DECLINED, and those of `connect`, `findCompose` and `setup`
 */
export async function engineReady(options: SetupOptions): Promise<Docker> {
  const first = await lookForEngine();
  if (!(first instanceof UserError)) return first;
  if (!mendable.includes(first.code)) throw first;
  if ((await setup(options)) === 'declined') throw declined(first);
  const second = await lookForEngine();
  if (second instanceof UserError) throw second;
  return second;
}

async function lookForEngine(): Promise<Docker | UserError> {
  try {
    const [docker] = await Promise.all([connect(), findCompose()]);
    return docker;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function declined(missing: UserError): UserError {
  const [problem] = missing.problems;
  return machineError(
    'SETUP_DECLINED',
    {
      message: `${missing.message} Nothing was changed.`,
      ...(problem?.fix === undefined ? {} : { fix: `Run again and answer yes, pass --yes, or: ${problem.fix}` }),
    },
    missing,
  );
}
