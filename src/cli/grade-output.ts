import { join } from 'node:path';
import { replaceWhole, studentsFolder } from '../grade/class/store.ts';
import type { ClassResult, GradeResult } from '../grade/result.ts';
import { classFileNames, classReporters, type ClassFormat } from '../report/grade/class-reporters.ts';
import { gradeFileNames, gradeReporters, type GradeFormat } from '../report/grade/reporters.ts';

/**
 * A student's reports, beside `result.json`, which is the instructor's: all others are what the student may see. So a folder without
 * `result.json` can be handed out.
 */
export function writeStudentReports(folder: string, result: GradeResult, formats: readonly GradeFormat[]): void {
  for (const format of formats) {
    if (format === 'json') continue;
    const text = gradeReporters[format](result, { audience: 'student', colour: false });
    replaceWhole(join(folder, studentsFolder, result.student, gradeFileNames[format]), text);
  }
}

/** The class's own reports, for its instructor. @returns their places */
export function writeClassReports(folder: string, result: ClassResult): string[] {
  return (Object.keys(classReporters) as ClassFormat[]).map((format) => {
    const place = join(folder, classFileNames[format]);
    replaceWhole(place, classReporters[format](result));
    return place;
  });
}
