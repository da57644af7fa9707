import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passThrough } from './pass-through.ts';

/** The image of Testcontainers' reaper cannot be pulled everywhere; the tests clean up themselves. */
const testEnvironment = { TESTCONTAINERS_RYUK_DISABLED: 'true' };

/** What is read of vitest's JSON report. */
export interface TestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/**
 * Linter, type checker and tests, all of them even when one fails. Closes with `N passed, N failed`.
 * @returns whether all is well
 */
export async function runTests(root: string, quick: boolean): Promise<boolean> {
  const tool = (...argv: string[]): Promise<number> =>
    passThrough(join(root, 'node_modules', '.bin', argv[0] ?? ''), argv.slice(1), {
      folder: root,
      env: testEnvironment,
    });
  const folder = await mkdtemp(join(tmpdir(), 'lab-test-'));
  const report = join(folder, 'report.json');
  try {
    const lint = await tool('eslint', '.');
    const types = await tool('tsc', '--noEmit');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const tests = await tool('vitest', 'run', ...reporters, ...(quick ? ['--project', 'unit'] : []));
    if (lint !== 0) process.stdout.write('The linter found something (eslint, above).\n');
    if (types !== 0) process.stdout.write('The type checker found something (tsc, above).\n');
    const { passed, failed } = await readReport(report);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return lint === 0 && types === 0 && tests === 0 && failed === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without a report nothing ran to its end, which counts as one failure. */
async function readReport(file: string): Promise<{ passed: number; failed: number }> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? { passed: 0, failed: 1 } : countTests(JSON.parse(text) as TestReport);
}

/** A file that could not be loaded has no tests to count; it counts as one that failed. */
export function countTests({ numPassedTests, numFailedTests, testResults }: TestReport): {
  passed: number;
  failed: number;
} {
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}
