import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compareResults } from '../../../src/grade/compare-results.ts';
import { readResult, readResultFile, resultFiles } from '../../../src/grade/read-result.ts';
import type { GradeResult } from '../../../src/grade/result.ts';
import { makeKeyFiles, signResultFile, verifyResultFiles } from '../../../src/grade/signed-results.ts';
import { aCheck, aResult } from '../report/grade/a-result.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'lab-results-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const one = aResult([aCheck(), aCheck({ id: 'a.b', status: 'failed' })]);

function put(path: string, result: GradeResult | string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof result === 'string' ? result : JSON.stringify(result, null, 2));
  return file;
}

describe('reading', () => {
  test('takes a file, a student’s folder, and a class’s', async () => {
    const files = ['b', 'a'].map((name) => put(`class/students/${name}/result.json`, one)).sort();
    put('class/class.csv', '');
    expect(await resultFiles(join(folder, 'class'))).toEqual(files);
    expect(await resultFiles(join(folder, 'class/students'))).toEqual(files);
    expect(await resultFiles(join(folder, 'class/students/a'))).toEqual([files[0]]);
    expect(await readResult(files[0] ?? '')).toEqual({ file: files[0], result: one });
    await expect(readResult(join(folder, 'class'))).rejects.toMatchObject({ code: 'RESULT_MISSING' });
    await expect(resultFiles(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'RESULT_MISSING', exitCode: 2 });
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['depth', '['.repeat(1_000_000)],
    ['depth that ends', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['more than there should be', JSON.stringify({ ...one, admin: true })],
    ['a prototype', JSON.stringify(one).replace('{', '{"__proto__":{},')],
    ['a score that is no number', JSON.stringify({ ...one, summary: { ...one.summary, points: '10' } })],
    ['another version', JSON.stringify({ ...one, version: 2 })],
  ])('refuses %s', async (_, text) => {
    await expect(readResultFile(put('r.json', text))).rejects.toMatchObject({ code: 'RESULT_INVALID', exitCode: 2 });
  });

  test('does not wait for a pipe, and takes no file without bound', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(readResultFile(pipe)).rejects.toMatchObject({ code: 'RESULT_INVALID' });
    await expect(readResultFile(put('big.json', ' '.repeat(17 * 1024 * 1024)))).rejects.toMatchObject({
      code: 'RESULT_INVALID',
    });
  });
});

describe('signing', () => {
  test('a key’s private part is its owner’s alone, and is never replaced', async () => {
    const file = join(folder, 'key');
    await makeKeyFiles(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, 'utf8');
    await expect(makeKeyFiles(file)).rejects.toMatchObject({ code: 'KEY_EXISTS', exitCode: 2 });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('each result has its own verdict', async () => {
    const [key, other] = [join(folder, 'key'), join(folder, 'other')];
    await Promise.all([makeKeyFiles(key), makeKeyFiles(other)]);
    const names = ['good', 'changed', 'foreign', 'unsigned', 'broken', 'nonsense'];
    const files = names.map((name) => put(`${name}/result.json`, { ...one, student: name }));
    const [good = '', changed = '', foreign = '', , broken = '', nonsense = ''] = files;
    for (const file of [good, changed, broken]) await signResultFile(file, key);
    await signResultFile(foreign, other);
    // Another form of the same document is the same document.
    writeFileSync(good, JSON.stringify(JSON.parse(readFileSync(good, 'utf8'))));
    writeFileSync(changed, readFileSync(changed, 'utf8').replace('"earned": 0', '"earned": 10'));
    writeFileSync(broken, '{');
    writeFileSync(`${nonsense}.sig`, '{"algorithm":"none"}');
    const verified = await verifyResultFiles(files, `${key}.pub`);
    expect(verified.map(({ verdict }) => verdict)).toEqual([
      'matches',
      'differs',
      'other-key',
      'no-signature',
      'unreadable',
      'unreadable',
    ]);
    await expect(verifyResultFiles([], key)).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(verifyResultFiles([], join(folder, 'none'))).rejects.toMatchObject({ code: 'KEY_MISSING' });
  });
});

describe('comparing', () => {
  const read = (name: string, result: GradeResult) => ({ file: `/${name}/result.json`, result });

  test('words and times may differ', () => {
    const again = {
      ...one,
      run: 'r-2',
      durationMs: 1,
      checks: one.checks.map((check) => ({ ...check, observed: 'else' })),
    };
    expect(compareResults([read('x', one)], [read('y', again)])).toEqual({ compared: 1, differences: [] });
  });

  test('results of two exercises have nothing to be compared, and that is one line', () => {
    const foreign = aResult([aCheck({ id: 'a.c' })], { exercise: 'alert-rules' });
    const { differences } = compareResults([read('a', one)], [read('a', foreign)]);
    expect(differences).toEqual([{ name: 's-017', lines: ['exercise: tls-termination, then alert-rules'] }]);
  });

  test('scores and what became of each check may not', () => {
    const other = aResult([aCheck(), aCheck({ id: 'a.c', status: 'blocked' })]);
    const { differences } = compareResults([read('a', one), read('b', one)], [read('a', other), read('c', one)]);
    expect(differences).toEqual([
      { name: 'a', lines: ['a.b: failed 0/10, then not there', 'a.c: not there, then blocked 0/10'] },
      { name: 'b', lines: ['only in the first'] },
      { name: 'c', lines: ['only in the second'] },
    ]);
    const turned = { ...one, checks: [...one.checks].reverse() };
    expect(compareResults([read('a', one)], [read('a', turned)]).differences).toHaveLength(1);
  });
});
