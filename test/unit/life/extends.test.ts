import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadLab } from '../../../src/life/labs.ts';

let folder: string;
const file = (name: string): string => join(folder, name);
const write = (name: string, text: string): Promise<void> => writeFile(file(name), text);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-extends-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a file extends a lab by its name, and a file beside it', async () => {
  await write('one.yml', 'extends: secured-monitored\nname: one\ntitle: One\ntls: { hstsSeconds: 1 }\n');
  await write('two.yml', 'extends: ./one.yml\nname: two\ntitle: Two\ndatabase: { name: other }\n');
  const lab = await loadLab(file('two.yml'));
  expect(lab).toMatchObject({ name: 'two', tls: { hstsSeconds: 1 }, database: { name: 'other' } });
  expect(Object.keys(lab.services)).toContain('db-replica');
});

test.each([
  ['a lab that there is not', 'secured-monitord', 'LAB_UNKNOWN'],
  ['a file that there is not', './nobody.yml', 'LAB_UNKNOWN'],
  ['itself', './wrong.yml', 'LAB_INVALID'],
])('%s cannot be extended, and the place is shown', async (_, base, code) => {
  await write('wrong.yml', `name: wrong\ntitle: Wrong\nextends: ${base}\n`);
  await expect(loadLab(file('wrong.yml'))).rejects.toMatchObject({
    code,
    problems: [{ where: { file: file('wrong.yml'), line: 3, column: 10 } }],
  });
});

test('a circle of files is shown as one', async () => {
  await write('a.yml', 'extends: ./b.yml\nname: a\ntitle: A\n');
  await write('b.yml', 'extends: ./a.yml\nname: b\ntitle: B\n');
  await expect(loadLab(file('a.yml'))).rejects.toMatchObject({
    code: 'LAB_INVALID',
    problems: [{ found: [file('a.yml'), file('b.yml'), file('a.yml')].join(' → ') }],
  });
});
