/** Exit codes of `lab`, part of its contract with other programs. */
export const exitCode = {
  ok: 0,
  failing: 1,
  input: 2,
  machine: 3,
  defect: 70,
} as const;

/** The place in a file that an error is about; line and column count from 1. */
export interface Where {
  file: string;
  line?: number;
  column?: number;
}

/** One thing that is wrong, in the words a user needs to mend it. */
export interface Problem {
  message: string;
  expected?: string;
  found?: string;
  where?: Where;
  fix?: string;
}

/**
 * An error that the user can mend. It is shown without a stack; anything else that is thrown
 * counts as a defect of `lab` and ends with exit code 70.
 */
export class UserError extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly problems: readonly Problem[];

  /** @param code a short stable name, such as `LAB_UNKNOWN` */
  constructor(code: string, exit: 1 | 2 | 3, problems: Problem | readonly Problem[], cause?: unknown) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map((problem) => problem.message).join('\n'), { cause });
    this.name = 'UserError';
    this.code = code;
    this.exitCode = exit;
    this.problems = list;
  }
}

/** The input is wrong: exit code 2. */
export function inputError(code: string, problems: Problem | readonly Problem[], cause?: unknown): UserError {
  return new UserError(code, exitCode.input, problems, cause);
}

/** This machine cannot do it: exit code 3. */
export function machineError(code: string, problems: Problem | readonly Problem[], cause?: unknown): UserError {
  return new UserError(code, exitCode.machine, problems, cause);
}

/** It ran and found something failing: exit code 1. */
export function failure(code: string, problems: Problem | readonly Problem[], cause?: unknown): UserError {
  return new UserError(code, exitCode.failing, problems, cause);
}
