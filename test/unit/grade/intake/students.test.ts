import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openSubmission } from '../../../../src/grade/intake/intake.ts';
import { studentsOf, type Student } from '../../../../src/grade/intake/students.ts';
import { codes, exerciseOf, scratch, taken, tarOf, write, zipOf } from './archives.ts';

const folder = scratch();
const exercise = exerciseOf();
const file = (content: string) => ({ name: 'balancer/haproxy.cfg', content });
const ids = ({ students }: { students: Student[] }) => students.map(({ student }) => student);

test('an id is the name without its extension, of few characters, and differs from the others', async () => {
  const paths = ['b/alice.zip', 'a/alice.tar.gz', 'a/Alice', 'a/alice-2', 'José  Núñez.tgz', '../..zip', '\x1b[2J.zip'];
  const found = ids(await studentsOf(paths));
  expect(found).toEqual(['alice-4', 'alice-3', 'Alice', 'alice-2', 'Jose-Nunez', 'student', '2J']);
  const reversed = ids(await studentsOf([...paths].reverse()));
  expect(reversed.reverse()).toEqual(found);
});

test('a folder’s dot is no extension', async () => {
  write(join(folder, 'a.b'), { x: '' });
  expect(ids(await studentsOf([join(folder, 'a.b')]))).toEqual(['a.b']);
});

test('an export holds an archive or folder for each student', async () => {
  const parts = [
    { name: 'alice.zip', content: zipOf([file('A')]) },
    { name: 'bob/balancer/haproxy.cfg', content: 'B' },
    { name: 'carol/work.zip', content: zipOf([file('C')]) },
    { name: 'dave/../../x', content: 'D' },
    { name: '__MACOSX/alice.zip', content: 'x' },
    { name: 'grades.csv', content: 'x' },
  ];
  write(folder, { 'export.zip': zipOf(parts) });
  const found = await studentsOf([join(folder, 'export.zip')], { export: true });
  expect(ids(found)).toEqual(['alice', 'bob', 'carol', 'dave']);
  expect(found.notes).toEqual([expect.stringContaining('grades.csv')]);
  const opened = await Promise.all(found.students.map(({ source }) => openSubmission(source, exercise)));
  expect(opened.slice(0, 3).map((one) => taken(one).files)).toEqual(
    ['A', 'B', 'C'].map((content) => ({ 'balancer/haproxy.cfg': content })),
  );
  expect(codes(opened[3]!)).toEqual(['SUBMISSION_PATH']);
});

test('an export may be a folder, or a tar in which all lies in one folder', async () => {
  const zips = { 'alice.zip': zipOf([file('A')]), 'bob.zip': zipOf([file('B')]) };
  write(join(folder, 'unpacked'), { ...zips, 'read.me': 'x' });
  const tar = await tarOf([
    { name: 'class/', type: 'directory' },
    ...Object.entries(zips).map(([name, content]) => ({
      name: `class/${name}`,
      content: content as unknown as string,
    })),
  ]);
  write(folder, { 'class.tgz': gzipSync(tar) });
  for (const path of ['unpacked', 'class.tgz']) {
    const found = await studentsOf([join(folder, path)], { export: true });
    expect(ids(found)).toEqual(['alice', 'bob']);
    const second = await openSubmission(found.students[1]!.source, exercise);
    expect(taken(second).files).toEqual({ 'balancer/haproxy.cfg': 'B' });
  }
});

test('what is no export is the user’s error', async () => {
  write(folder, { 'no.txt': 'x', 'no.zip': 'x', 'none.zip': zipOf([]) });
  for (const paths of [[], ['a', 'b'], ...['no.txt', 'no.zip', 'none.zip', 'gone'].map((name) => [join(folder, name)])])
    await expect(studentsOf(paths, { export: true }), String(paths)).rejects.toMatchObject({ code: 'EXPORT_UNUSABLE' });
});
