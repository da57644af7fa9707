import type { GradedCheck, GradeResult } from '../../grade/result.ts';
import { bounded, boundedCommand, boundedPrintable } from './bounded.ts';

/** Who reads a report. A student does not learn what a hidden check looks for. */
export type Audience = 'student' | 'instructor';

export const audiences: readonly Audience[] = ['student', 'instructor'];

/** More lines than these of one list are counted instead of shown. */
const longest = 200;

/** What stands in the place of what a student is not shown. */
export const notShown = 'not shown: this check is hidden';

/** A result as its reader may see it, every text printable and bounded, and on one line but for what is to be typed. */
export function shownTo(result: GradeResult, audience: Audience): GradeResult {
  return mapped(result, audience, { text: boundedPrintable, command: boundedCommand });
}

/** The same with texts as they are, only bounded: for formats that escape by themselves and are read by programs. */
export function givenTo(result: GradeResult, audience: Audience): GradeResult {
  return mapped(result, audience, { text: bounded, command: bounded });
}

interface Ways {
  text: (words: string) => string;
  /** For what may have several lines. */
  command: (words: string) => string;
}

function mapped(result: GradeResult, audience: Audience, ways: Ways): GradeResult {
  const { text } = ways;
  const { submission, refusals } = result;
  return {
    ...result,
    lab: text(result.lab),
    exercise: text(result.exercise),
    title: text(result.title),
    student: text(result.student),
    run: text(result.run),
    gradedAt: text(result.gradedAt),
    submission: {
      name: text(submission.name),
      digest: text(submission.digest),
      files: submission.files.map(({ path, bytes }) => ({ path: text(path), bytes })),
    },
    notes: lines(result.notes, text),
    refusals: refusals.map(({ code, message, where }) => ({
      code: text(code),
      message: text(message),
      ...(where === undefined ? {} : { where: text(where) }),
    })),
    checks: result.checks.map((check) => checkFor(audience, check, ways)),
  };
}

function checkFor(audience: Audience, check: GradedCheck, { text, command }: Ways): GradedCheck {
  const hides = check.hidden && audience === 'student';
  return {
    ...check,
    id: text(check.id),
    title: text(check.title),
    expected: hides ? notShown : text(check.expected),
    observed: hides ? notShown : text(check.observed),
    reproduce: hides ? '' : command(check.reproduce),
    hint: text(check.hint),
    blockedBy: check.blockedBy === null ? null : text(check.blockedBy),
    evidence: hides ? [] : lines(check.evidence, text),
  };
}

function lines(all: readonly string[], text: (words: string) => string): string[] {
  const shown = all.slice(0, longest).map(text);
  return all.length <= longest ? shown : [...shown, `… and ${all.length - longest} lines more`];
}
