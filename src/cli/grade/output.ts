import { join } from 'node:path';
import { replaceWhole, studentsFolder } from '../../grade/class/store.ts';
import { signResultFile } from '../../grade/signed-results.ts';
import type { ClassResult, GradeResult } from '../../grade/result.ts';
import { classFileNames, classReporters, type ClassFormat } from '../../report/grade/class-reporters.ts';
import { gradeFileNames, gradeReporters, type GradeFormat } from '../../report/grade/reporters.ts';
import type { GradeFlags } from './flags.ts';

/**
 * A student's reports, beside `result.json`, which is the instructor's: all others are what the student may see. So a folder without
 * `result.json` can be handed out.
 */
function writeStudentReports(folder: string, result: GradeResult, formats: readonly GradeFormat[]): void {
  for (const format of formats) {
    if (format === 'json') continue;
    const text = gradeReporters[format](result, { audience: 'student', colour: false });
    replaceWhole(join(folder, studentsFolder, result.student, gradeFileNames[format]), text);
  }
}

/** The class's own reports, for its instructor. */
function writeClassReports(folder: string, result: ClassResult): void {
  for (const format of Object.keys(classReporters) as ClassFormat[])
    replaceWhole(join(folder, classFileNames[format]), classReporters[format](result));
}

const everything: GradeFormat[] = ['terminal', 'junit', 'markdown', 'html', 'gradescope'];

/** Everything that is kept of a class: reports, and signatures where a key is given. */
export async function writeAll(
  out: string,
  result: ClassResult,
  { reporter = everything, sign }: Pick<GradeFlags, 'reporter' | 'sign'>,
): Promise<void> {
  for (const one of result.results) writeStudentReports(out, one, reporter);
  writeClassReports(out, result);
  if (sign === undefined) return;
  for (const { student } of result.results) await signResultFile(join(out, 'students', student, 'result.json'), sign);
}
