import { InvalidArgumentError } from 'commander';
import { inputError } from '../../errors.ts';
import { studentId } from '../../grade/intake/student-ids.ts';
import { printable } from '../../printable.ts';
import type { GradeFormat } from '../../report/grade/reporters.ts';

/** What `lab grade` was told. */
export interface GradeFlags {
  exercise: string;
  out?: string;
  jobs?: number;
  resume?: boolean;
  key?: string;
  student?: string;
  sign?: string;
  export?: boolean;
  reporter?: GradeFormat[];
  live?: boolean;
  project?: string;
  json?: boolean;
  yes?: boolean;
}

/** @throws UserError `USAGE` where flags do not go together */
export function checkUsage(submissions: readonly string[], flags: GradeFlags): void {
  const { out, reporter = [], student } = flags;
  if (out === undefined && reporter.length > 1)
    throw wrong('only one report can be shown', 'name one reporter, or add --out DIR');
  checkStudent(student);
  if (flags.live === true) checkLive(submissions, flags);
  else checkSubmissions(submissions, flags);
}

/** It names a folder, and may come from a platform that lets students choose it. @throws UserError `USAGE` */
export function checkStudent(student: string | undefined): void {
  if (student !== undefined && studentId(student, true) !== student)
    throw wrong(
      `--student ${printable(student.slice(0, 80))} is no id`,
      'use up to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
    );
}

function checkLive(submissions: readonly string[], flags: GradeFlags): void {
  const foreign = (['out', 'jobs', 'resume', 'export', 'key', 'sign'] as const).filter((name) => name in flags);
  if (submissions.length > 0 || foreign.length > 0)
    throw wrong(
      '--live grades what runs, and shows the result',
      `leave out ${[...(submissions.length > 0 ? ['submissions'] : []), ...foreign.map((name) => `--${name}`)].join(', ')}`,
    );
}

function checkSubmissions(submissions: readonly string[], { out, resume, sign, student }: GradeFlags): void {
  if (submissions.length === 0)
    throw wrong('there is nothing to grade', 'name folders, archives or files: lab grade DIR --exercise E');
  if (out === undefined && submissions.length > 1)
    throw wrong('many submissions need a place for their results', 'add --out DIR');
  if (out === undefined && (resume === true || sign !== undefined))
    throw wrong('--resume and --sign work on results that are kept', 'add --out DIR');
  if (student !== undefined && submissions.length > 1) throw wrong('--student names one of many', 'leave it out');
}

function wrong(message: string, fix: string): Error {
  return inputError('USAGE', { message, fix });
}

/** How many are graded at a time. */
export function jobs(text: string): number {
  const number = Number(text);
  if (!/^\d{1,2}$/.test(text) || number < 1 || number > 16)
    throw new InvalidArgumentError('It must be a number from 1 to 16.');
  return number;
}
