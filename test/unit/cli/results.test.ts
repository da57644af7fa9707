import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeProgram } from '../../../src/cli/program.ts';
import { signResultFile } from '../../../src/grade/signed-results.ts';
import { aCheck, aResult } from '../report/grade/a-result.ts';

let folder: string;
let written: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-results-'));
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  mkdirSync(join(folder, 's-017'));
  const hidden = aCheck({ id: 'a.hidden', hidden: true, status: 'failed', observed: 'SECRET' });
  const blocked = aCheck({ id: 'a.blocked', status: 'blocked', blockedBy: 'a.hidden' });
  writeFileSync(join(folder, 's-017/result.json'), JSON.stringify(aResult([aCheck(), hidden, blocked])));
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

/** Runs it as the command line would, and gives its exit code. */
async function lab(...argv: string[]): Promise<number> {
  process.exitCode = 0;
  await (await makeProgram(argv)).parseAsync(argv, { from: 'user' });
  return Number(process.exitCode);
}

test(
  'a key that is made signs and verifies; what is changed or not signed ends with 1',
  { timeout: 30_000 },
  async () => {
    const [key, result] = [join(folder, 'k'), join(folder, 's-017/result.json')];
    await lab('results', 'key', '--out', key);
    expect(await lab('results', 'verify', folder, '--key', `${key}.pub`)).toBe(1);
    await signResultFile(result, key);
    expect(await lab('results', 'verify', folder, '--key', `${key}.pub`)).toBe(0);
    writeFileSync(result, readFileSync(result, 'utf8').replace('"points":10', '"points":11'));
    written = '';
    expect(await lab('results', 'verify', folder, '--key', `${key}.pub`, '--json')).toBe(1);
    expect(JSON.parse(written)).toEqual({ results: [{ file: result, verdict: 'differs', student: 's-017' }] });
  },
);

test('show keeps hidden values from students unless told otherwise', async () => {
  await lab('results', 'show', join(folder, 's-017'));
  expect(written).not.toContain('SECRET');
  await lab('results', 'show', join(folder, 's-017'), '--audience', 'instructor');
  expect(written).toContain('SECRET');
  await lab('results', 'show', join(folder, 's-017'), '--reporter', 'html', '--output', join(folder, 'new/page.html'));
  expect(readFileSync(join(folder, 'new/page.html'), 'utf8')).toContain('<!doctype html>');
  await expect(lab('results', 'show', join(folder, 's-017'), '--reporter', 'htlm')).rejects.toMatchObject({
    code: 'REPORTER_UNKNOWN',
    problems: [{ fix: 'did you mean "html"?' }],
  });
});

test('explain tells what blocked a check, and which was meant', async () => {
  await lab('results', 'explain', join(folder, 's-017'), 'a.blocked');
  expect(written).toContain('(a.hidden, failed): SECRET');
  await expect(lab('results', 'explain', join(folder, 's-017'), 'a.bloked')).rejects.toMatchObject({
    code: 'CHECK_UNKNOWN',
    problems: [{ fix: 'did you mean "a.blocked"?' }],
  });
});

test('compare ends with 1 where gradings differ', async () => {
  mkdirSync(join(folder, 'again'));
  const [first, second] = [join(folder, 's-017'), join(folder, 'again')];
  const text = readFileSync(join(first, 'result.json'), 'utf8');
  writeFileSync(join(second, 'result.json'), text);
  expect(await lab('results', 'compare', first, second)).toBe(0);
  writeFileSync(join(second, 'result.json'), text.replace('"failed"', '"passed"'));
  expect(await lab('results', 'compare', first, second)).toBe(1);
});
