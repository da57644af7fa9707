import { describe, expect, it } from 'vitest';
import { countTests } from '../../../src/cli/test-run.ts';

const file = (status: string, ...tests: string[]): { status: string; assertionResults: { status: string }[] } => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});

describe('the count of tests', () => {
  it('is the runner’s own', () => {
    const testResults = [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')];
    expect(countTests({ numPassedTests: 3, numFailedTests: 1, testResults })).toEqual({ passed: 3, failed: 1 });
  });

  it('takes a file that could not be loaded for a failed test', () => {
    const testResults = [file('passed', 'passed'), file('failed')];
    expect(countTests({ numPassedTests: 1, numFailedTests: 0, testResults })).toEqual({ passed: 1, failed: 1 });
  });
});
