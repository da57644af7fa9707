import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inputError } from '../../errors.ts';
import { partsOf } from './export.ts';
import { Refused, shown } from './refused.ts';
import { nameOf, type Source } from './source.ts';
import { distinct, studentId } from './student-ids.ts';

/** Whose submission, and where it is. */
export interface Student {
  /** Letters, digits, dots, hyphens and underscores; no two are the same, also where capitals do not count. */
  student: string;
  /** What was handed in is called so, printably. */
  name: string;
  source: Source;
}

/** One of what was handed in, before it has an id. */
export interface Part {
  source: Source;
  folder: boolean;
}

/**
 * The students behind the arguments of `lab grade`, in the arguments' order.
 * @param options.export the one argument is a learning platform's export, a folder or archive that holds a folder or
 *   archive for each student
 * @throws UserError EXPORT_UNUSABLE
 */
export async function studentsOf(
  paths: readonly string[],
  options: { export?: boolean } = {},
): Promise<{ students: Student[]; notes: string[] }> {
  const { parts, notes } = options.export ? await exported(paths) : { parts: paths.map(partAt), notes: [] };
  const ids = distinct(
    parts.map(({ source, folder }) => ({ id: studentId(nameOf(source), folder), tie: tieOf(source) })),
  );
  const students = parts.map(({ source }, index) => ({ student: ids[index]!, name: shown(nameOf(source)), source }));
  return { students, notes };
}

function partAt(path: string): Part {
  return { source: { path }, folder: statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false };
}

function tieOf(source: Source): string {
  return 'path' in source ? resolve(source.path) : source.name;
}

async function exported(paths: readonly string[]): Promise<{ parts: Part[]; notes: string[] }> {
  const [path, ...more] = paths;
  const expected = 'one folder or archive (.zip, .tar, .tar.gz) that holds a folder or archive for each student';
  if (path === undefined || more.length > 0)
    throw inputError('EXPORT_UNUSABLE', { message: `an export is one path, not ${paths.length}`, expected });
  try {
    const found = await partsOf(path);
    if (found.parts.length === 0)
      throw inputError('EXPORT_UNUSABLE', { message: `${path} holds no submissions`, expected });
    return found;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const problems = error.refusals.map(({ message, where }) => ({
      message: `${path} cannot be taken as an export: ${message}`,
      expected,
      ...(where === undefined ? {} : { found: where }),
    }));
    throw inputError('EXPORT_UNUSABLE', problems, error);
  }
}
