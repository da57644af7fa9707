import type { GradeResult } from '../../grade/result.ts';
import { printableJson } from '../../printable.ts';
import { givenTo } from './audience.ts';
import type { GradeReportOptions } from './reporters.ts';

/** The result itself: the document that other programs rely on. */
export function json(result: GradeResult, { audience }: GradeReportOptions): string {
  return `${printableJson(givenTo(result, audience), 2)}\n`;
}
