import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadExercise } from '../../../src/grade/exercise/load.ts';
import { parametersFor } from '../../../src/grade/exercise/parameters.ts';
import type { GradeResult } from '../../../src/grade/result.ts';
import { ownFiles } from '../../../src/grade/variants.ts';
import { LabCommand } from '../../support/lab.ts';
import { writeTree } from '../../support/submissions.ts';

const exercise = 'database-accounts';
const students = ['ana', 'ben'];
let lab: LabCommand;
let work: string;
const at = (...path: string[]): string => join(work, ...path);
const key = 'the key of a whole class';

beforeAll(async () => {
  lab = await LabCommand.create();
  work = await mkdtemp(join(tmpdir(), 'lab-keyed-'));
  await writeFile(at('class.key'), key);
});
afterAll(async () => {
  await rm(work, { recursive: true, force: true });
  await rm(lab.home, { recursive: true, force: true });
});

const valuesOf = async (student: string, from: string | undefined = key): Promise<Record<string, string>> =>
  parametersFor(await loadExercise(exercise), from === undefined ? undefined : Buffer.from(from), student);
const resultOf = async (student: string): Promise<GradeResult> =>
  JSON.parse(await readFile(at('out', 'students', student, 'result.json'), 'utf8')) as GradeResult;

test('every student is handed out values of their own, and without a key everybody the same', async () => {
  const tasks: string[] = [];
  for (const student of students) {
    // Whose values they are follows from the folder's name, in `lab new` and `lab grade` alike.
    const named = student === 'ana' ? ['--student', student] : [];
    const args = ['new', at('new', student), '-e', exercise, '--key', at('class.key'), ...named];
    expect((await lab.run(...args)).exitCode).toBe(0);
    const task = await readFile(at('new', student, 'README.md'), 'utf8');
    const { database = '', block = '' } = await valuesOf(student);
    expect(task).toContain(`\`${database}.orders\``);
    expect(task).toContain(block.replace('0/24', '96/27'));
    tasks.push(task);
  }
  expect(tasks[0]).not.toBe(tasks[1]);
  expect((await lab.run('new', at('new', 'plain'), '-e', exercise)).exitCode).toBe(0);
  expect(await readFile(at('new', 'plain', 'README.md'), 'utf8')).toContain('`shop.orders`');
});

test('one’s own work passes; another student’s loses what depends on the values', async () => {
  const loaded = await loadExercise(exercise);
  const anas = await ownFiles(loaded, 'solution', await valuesOf('ana'));
  for (const student of students) await writeTree(at('in', student), anas);
  expect((await lab.run('results', 'key', '--out', at('sign.key'))).exitCode).toBe(0);
  const folders = students.map((student) => at('in', student));
  const keys = ['--key', at('class.key'), '--sign', at('sign.key')];
  const graded = await lab.run('grade', ...folders, '-e', exercise, '--out', at('out'), '--jobs', '1', ...keys);
  expect(graded.exitCode, graded.stderr).toBe(1);

  expect((await resultOf('ana')).summary).toMatchObject({ percent: 100, passed: true });
  const ben = await resultOf('ben');
  expect(ben.outcome).toBe('graded');
  expect(ben.summary.passed).toBe(false);
  expect(ben.checks.filter(({ status }) => status === 'failed').map(({ id }) => id)).toContain('app.logs-in');
  // What a student is told names that student’s own values.
  expect(JSON.stringify(ben.checks.map(({ expected, hint }) => [expected, hint]))).not.toContain('shop.');
}, 120_000);

test('results are as they were signed, until a byte of them changes', async () => {
  const verdicts = async (file = at('sign.key.pub')): Promise<[number, string[]]> => {
    const { exitCode, stdout } = await lab.run('results', 'verify', at('out'), '--key', file, '--json');
    const { results } = JSON.parse(stdout) as { results: { student: string; verdict: string }[] };
    return [exitCode, results.map(({ student, verdict }) => `${student} ${verdict}`)];
  };
  const anas = at('out', 'students', 'ana', 'result.json');
  const original = await readFile(anas, 'utf8');
  expect(await verdicts()).toEqual([0, ['ana matches', 'ben matches']]);

  await writeFile(anas, original.replace('"percent": 100', '"percent": 99'));
  expect(await verdicts()).toEqual([1, ['ana differs', 'ben matches']]);
  const bens = at('out', 'students', 'ben', 'result.json');
  await copyFile(bens, anas);
  expect(await verdicts()).toEqual([1, ['ben differs', 'ben matches']]);
  await writeFile(anas, original);

  expect((await lab.run('results', 'key', '--out', at('other.key'))).exitCode).toBe(0);
  expect(await verdicts(at('other.key.pub'))).toEqual([1, ['ana other-key', 'ben other-key']]);
  await rm(`${bens}.sig`);
  expect(await verdicts()).toEqual([1, ['ana matches', 'ben no-signature']]);
  const missing = await lab.run('results', 'verify', at('out'), '--key', at('nowhere.pub'));
  expect(missing.exitCode).toBe(2);
  expect(missing.stderr).toContain('KEY_MISSING');
});

test('results are shown, explained and compared', async () => {
  const [ana, ben] = students.map((student) => at('out', 'students', student)) as [string, string];
  expect((await lab.run('results', 'compare', at('out'), at('out'))).exitCode).toBe(0);
  expect((await lab.run('results', 'compare', ana, ben)).exitCode).toBe(1);
  const shown = await lab.run('results', 'show', ben, '--reporter', 'html', '--output', at('ben.html'));
  expect(shown.exitCode).toBe(0);
  expect(existsSync(at('ben.html'))).toBe(true);
  expect((await lab.run('results', 'explain', ben, 'app.logs-in')).exitCode).toBe(0);
  const unknown = await lab.run('results', 'explain', ben, 'app.log-in');
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('app.logs-in');
});
