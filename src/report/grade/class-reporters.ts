import type { ClassResult, GradeResult } from '../../grade/result.ts';
import { printableJson } from '../../printable.ts';
import { givenTo } from './audience.ts';
import { classHtml } from './class-html.ts';
import { csv } from './csv.ts';

export interface ClassReportOptions {
  /** The name of a student's folder within `students/`; default the student. */
  folderOf?: (result: GradeResult) => string;
}

/** A format: the whole report on a class as text, for its instructor. */
export type ClassReporter = (result: ClassResult, options?: ClassReportOptions) => string;

export type ClassFormat = 'csv' | 'html' | 'json';

/** The formats of a class's report. */
export const classReporters: Readonly<Record<ClassFormat, ClassReporter>> = {
  csv,
  html: classHtml,
  json: (result) =>
    `${printableJson({ ...result, results: result.results.map((one) => givenTo(one, 'instructor')) }, 2)}\n`,
};

/** What a class's report is called in the folder of the results. */
export const classFileNames: Readonly<Record<ClassFormat, string>> = {
  csv: 'class.csv',
  html: 'index.html',
  json: 'class.json',
};
