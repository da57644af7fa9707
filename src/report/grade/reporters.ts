import type { GradeResult } from '../../grade/result.ts';
import type { Audience } from './audience.ts';
import { gradescope } from './gradescope.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { terminal } from './terminal.ts';

export interface GradeReportOptions {
  /** Who reads it. */
  audience: Audience;
  /** Colours, where a format has them; default what picocolors finds about standard output. */
  colour?: boolean;
}

/** A format: the whole report on one submission as text, ending in a line end. */
export type GradeReporter = (result: GradeResult, options: GradeReportOptions) => string;

export type GradeFormat = 'terminal' | 'json' | 'junit' | 'markdown' | 'html' | 'gradescope';

/** The formats by the name that `--reporter` takes. */
export const gradeReporters: Readonly<Record<GradeFormat, GradeReporter>> = {
  terminal,
  json,
  junit,
  markdown,
  html,
  gradescope,
};

/** What a report is called in a student's folder. */
export const gradeFileNames: Readonly<Record<GradeFormat, string>> = {
  terminal: 'report.txt',
  json: 'result.json',
  junit: 'report.xml',
  markdown: 'report.md',
  html: 'report.html',
  gradescope: 'results.json',
};
