import type { GradedCheck, GradeResult } from '../../grade/result.ts';
import { element, escapedXml, xmlSeconds } from '../xml.ts';
import { shownTo } from './audience.ts';
import type { GradeReportOptions } from './reporters.ts';
import { causeOf, scoreLine } from './score.ts';

/** JUnit XML: one suite with a case for each check. What could not be measured is an error, not a failure. */
export function junit(result: GradeResult, { audience }: GradeReportOptions): string {
  const shown = shownTo(result, audience);
  const cases = [...shown.refusals.map(refusal), ...shown.checks.map((check) => testCase(check, shown.checks))];
  const totals = totalsOf(shown);
  const suite = element('testsuite', { name: shown.exercise, timestamp: shown.gradedAt, ...totals }, [
    element('properties', {}, [
      property('student', shown.student),
      property('submission', shown.submission.digest),
      property('score', scoreLine(shown)),
    ]),
    ...cases,
    ...(shown.notes.length === 0 ? [] : [element('system-out', {}, shown.notes.map(escapedXml))]),
  ]);
  const name = `${shown.title} (${shown.student})`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name, ...totals }, [suite])}\n`;
}

function totalsOf({ checks, refusals, durationMs }: GradeResult): Record<string, string> {
  const count = (status: GradedCheck['status']): number => checks.filter((check) => check.status === status).length;
  return {
    tests: String(checks.length + refusals.length),
    failures: String(count('failed') + refusals.length),
    errors: String(count('not-measured')),
    skipped: String(count('blocked')),
    time: xmlSeconds(durationMs),
  };
}

function property(name: string, value: string): string {
  return element('property', { name, value }, []);
}

function refusal({ code, message, where }: GradeResult['refusals'][number]): string {
  const attributes = { name: 'the submission can be run', classname: code, time: '0.000' };
  return element('testcase', attributes, [
    element('failure', { message }, where === undefined ? [] : [`where: ${escapedXml(where)}`]),
  ]);
}

function testCase(check: GradedCheck, checks: readonly GradedCheck[]): string {
  const attributes = { name: check.title, classname: check.id, time: xmlSeconds(check.durationMs) };
  const inside = {
    passed: () => [],
    blocked: () => [element('skipped', { message: `blocked by: ${causeOf(check, checks)}` }, [])],
    'not-measured': () => [element('error', { message: check.observed }, [])],
    failed: () => [element('failure', { message: check.observed }, details(check))],
  }[check.status]();
  return element('testcase', attributes, inside);
}

function details(check: GradedCheck): string[] {
  const rows: [string, string][] = [
    ['expected', check.expected],
    ['observed', check.observed],
    ['see it at home', check.reproduce],
    ['hint', check.hint],
  ];
  return rows.filter(([, text]) => text !== '').map(([name, text]) => `${name}: ${escapedXml(text)}`);
}
