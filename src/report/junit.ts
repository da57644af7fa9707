import type { CheckResult, VerifyResult } from '../checks/result.ts';
import { byRequirement } from './by-requirement.ts';
import { element, escapedXml as escaped, xmlSeconds as seconds } from './xml.ts';

/**
 * JUnit XML, which continuous integration shows: a suite for each requirement. Written by hand, as junit-xml 1.2
 * writes failures as `<error>` and drops why a test was skipped.
 */
export function junit(result: VerifyResult): string {
  const suites = byRequirement(result.checks).map(([requirement, checks]) =>
    element('testsuite', { name: requirement, ...totals(checks) }, checks.map(testCase)),
  );
  const name = `${result.lab} (${result.project})`;
  const time = seconds(result.summary.durationMs);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name, ...totals(result.checks), time }, suites)}\n`;
}

function totals(checks: readonly CheckResult[]): Record<string, string> {
  const count = (status: string): string => String(checks.filter((check) => check.status === status).length);
  const time = checks.reduce((sum, check) => sum + check.durationMs, 0);
  const tests = String(checks.length);
  return { tests, failures: count('failed'), errors: '0', skipped: count('skipped'), time: seconds(time) };
}

function testCase(check: CheckResult): string {
  const attributes = { name: check.title, classname: check.id, time: seconds(check.durationMs) };
  if (check.status === 'passed') return element('testcase', attributes, []);
  if (check.status === 'skipped')
    return element('testcase', attributes, [element('skipped', { message: check.observed }, [])]);
  const details = (['expected', 'observed', 'reproduce', 'hint'] as const).map(
    (key) => `${key}: ${escaped(check[key])}`,
  );
  return element('testcase', attributes, [element('failure', { message: check.observed }, details)]);
}
