import { engineAddress } from '../engine/address.ts';
import type { Problem } from '../errors.ts';
import { UserError, exitCode, inputError, machineError } from '../errors.ts';
import type { Colours } from '../report/colours.ts';
import { errorText } from '../report/errors.ts';
import { Interrupted } from './interruption.ts';

/** How a command that did not end well ends: for programs, for people, and for the shell. */
export interface Ending {
  code: string;
  problems: readonly Problem[];
  exitCode: number;
  text: string;
}

/** @param debug whether a defect shows where in lab it happened */
export function explain(thrown: unknown, colours: Colours, debug = false): Ending {
  const error = fileError(thrown) ?? engineError(thrown) ?? thrown;
  if (error instanceof Interrupted) {
    const { message, fix, text } = error;
    return { code: 'INTERRUPTED', problems: [{ message, fix }], exitCode: error.exitCode, text };
  }
  if (error instanceof UserError) {
    return { code: error.code, problems: error.problems, exitCode: error.exitCode, text: errorText(error, colours) };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const fix = 'report it with the command and what it said; LAB_DEBUG=1 adds where it happened';
  const stack = debug && error instanceof Error ? stackOf(error) : '';
  const text = `lab stopped because of a mistake of its own: ${message}\nPlease ${fix}.\n${stack}`;
  return { code: 'DEFECT', problems: [{ message, fix }], exitCode: exitCode.defect, text };
}

/** A path that was given and cannot be used is the user's to mend. One that is not there may be a defect. */
function fileError(error: unknown): UserError | undefined {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || path === undefined || syscall === undefined) return undefined;
  const found = `${code ?? ''} at ${syscall}`;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return machineError(
      'DISK_FULL',
      { message: `the disk that holds ${path} is full`, found, fix: 'make room there' },
      error,
    );
  }
  const reasons: Record<string, string> = {
    EACCES: 'may not be used by you',
    EPERM: 'may not be used by you',
    EROFS: 'is on a disk that is read-only',
    ENOTDIR: 'leads through a file as if it were a folder',
    EISDIR: 'is a folder',
  };
  const reason = reasons[code ?? ''];
  return reason === undefined
    ? undefined
    : inputError('PATH_UNUSABLE', { message: `${path} ${reason}`, found, fix: 'choose another path' }, error);
}

/** An engine that ends while lab talks to it: its socket is gone, or a request was cut off. */
function engineError(error: unknown): UserError | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const refused = syscall === 'connect' && (code === 'ENOENT' || code === 'ECONNREFUSED');
  if (!(error instanceof Error) || !(refused || code === 'ECONNRESET')) return undefined;
  return machineError(
    'ENGINE_GONE',
    {
      message: `the Docker engine at ${engineAddress()} went away meanwhile`,
      found: error.message,
      fix: 'run the same again: it starts the engine where it must, and mends what was left unfinished',
    },
    error,
  );
}

function stackOf(error: Error): string {
  const { stack, cause } = error;
  return `${stack ?? error.message}\n${cause instanceof Error ? `caused by ${stackOf(cause)}` : ''}`;
}
