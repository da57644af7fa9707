import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { digestOf } from '../../../../src/grade/intake/digest.ts';
import { openSubmission } from '../../../../src/grade/intake/intake.ts';
import { codes, exerciseOf, scratch, taken, tarOf, write, zipOf } from './archives.ts';

const folder = scratch();
const exercise = exerciseOf();
const both = { 'balancer/haproxy.cfg': 'global\n', 'web/nginx.conf': 'events {}\n' };
const asParts = (files: Record<string, string>) => Object.entries(files).map(([name, content]) => ({ name, content }));
let count = 0;

/** A file of these bytes. */
function at(name: string, content: Buffer | string): string {
  const path = join(folder, `${(count += 1)}`);
  write(path, { [name]: content });
  return join(path, name);
}

test('a folder, a zip, a tar and a compressed tar of the same files are the same submission', async () => {
  write(join(folder, 'alice'), both);
  const tar = await tarOf([
    { name: './', type: 'directory' },
    ...asParts(both).map((part) => ({ ...part, name: `./${part.name}` })),
  ]);
  const paths = [
    join(folder, 'alice'),
    at('alice.zip', zipOf([{ name: 'web/', mode: 0o40755 }, ...asParts(both)])),
    at('alice.tar', tar),
    at('alice.tgz', gzipSync(tar)),
  ];
  for (const path of paths) {
    const opened = await openSubmission(path, exercise);
    expect(taken(opened), path).toEqual({ files: both, notes: [] });
  }
});

test('a wrapping folder is stripped, and what systems add is left out without a word', async () => {
  const path = at(
    'a.zip',
    zipOf([
      { name: 'alice/', mode: 0o40755 },
      ...asParts(both).map((part) => ({ ...part, name: `alice/${part.name}` })),
      ...Array.from({ length: 300 }, (_, index) => ({ name: `alice/.git/objects/${index}` })),
      { name: '__MACOSX/alice/._haproxy.cfg' },
      { name: 'alice/.DS_Store', content: '\0' },
    ]),
  );
  const { files, notes } = taken(await openSubmission(path, exercise));
  expect(files).toEqual(both);
  expect(notes).toEqual([expect.stringContaining('folder alice')]);
});

test('the task that was handed out is left out without a word, and never taken for what is asked for', async () => {
  const handedIn = { ...both, 'README.md': '# The task' };
  expect(taken(await openSubmission(at('a.zip', zipOf(asParts(handedIn))), exercise))).toEqual({
    files: both,
    notes: [],
  });
  const beside = at('a.zip', zipOf(asParts({ 'my.cfg': 'global\n', 'README.md': '# The task' })));
  expect(taken(await openSubmission(beside, exercise)).files).toEqual({ 'balancer/haproxy.cfg': 'global\n' });
  const alone = at('a.zip', zipOf(asParts({ 'README.md': '# The task' })));
  expect(codes(await openSubmission(alone, exercise))).toEqual(['SUBMISSION_EMPTY']);
});

test('a declared file’s own folder is no wrapping', async () => {
  const path = at('a.zip', zipOf([{ name: 'balancer/haproxy.cfg', content: 'x' }]));
  expect(taken(await openSubmission(path, exercise))).toEqual({ files: { 'balancer/haproxy.cfg': 'x' }, notes: [] });
});

test.each([
  ['under another name', 'lb/proxy.cfg'],
  ['by its name at the top', 'haproxy.cfg'],
  ['since it is alone', 'something-else.txt'],
])('a file is taken %s, with a note', async (_, name) => {
  const { files, notes } = taken(await openSubmission(at('a.zip', zipOf([{ name, content: 'x' }])), exercise));
  expect(files).toEqual({ 'balancer/haproxy.cfg': 'x' });
  expect(notes.at(-1)).toContain('was taken for balancer/haproxy.cfg');
});

test('one single file is a submission', async () => {
  expect(taken(await openSubmission(at('mine.txt', 'x'), exercise)).files).toEqual({ 'balancer/haproxy.cfg': 'x' });
});

test('an archive alone in a folder or archive is opened, and no archive within that one', async () => {
  const inner = zipOf(asParts(both));
  expect(taken(await openSubmission(at('a.zip', zipOf([{ name: 'a.zip', content: inner }])), exercise)).files).toEqual(
    both,
  );
  let nested = inner;
  for (let level = 0; level < 3; level += 1) nested = zipOf([{ name: 'a.zip', content: nested }]);
  expect(codes(await openSubmission(at('a.zip', nested), exercise))).toEqual(['SUBMISSION_ARCHIVE']);
});

test('files that nobody asked for are left out with one bounded, printable note', async () => {
  const odd = Array.from({ length: 20 }, (_, index) => ({ name: `x\u202e${'y'.repeat(150)}${index}`, content: 'x' }));
  const { files, notes } = taken(await openSubmission(at('a.zip', zipOf([...asParts(both), ...odd])), exercise));
  expect(files).toEqual(both);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/and 15 more\.$/);
  expect(notes[0]).not.toContain('\u202e');
  expect(notes[0]!.length).toBeLessThan(1000);
});

test('a file that nobody asked for is never read', async () => {
  const path = at('a.zip', zipOf([...asParts(both), { name: 'big', content: 'x', size: 1e9, method: 99 }]));
  expect(taken(await openSubmission(path, exercise)).files).toEqual(both);
});

test('a byte order mark is taken away and Windows line ends are kept, each with a note', async () => {
  const { files, notes } = taken(await openSubmission(at('haproxy.cfg', '\ufeffa\r\nb\r\n'), exercise));
  expect(files).toEqual({ 'balancer/haproxy.cfg': 'a\r\nb\r\n' });
  expect(notes.join('\n')).toMatch(/byte order mark.*\n.*CRLF/);
});

test('a missing file is no refusal, and no file at all is', async () => {
  write(join(folder, 'empty'), { 'other.txt': 'x', 'notes.txt': 'x' });
  const empty = await openSubmission(join(folder, 'empty'), exercise);
  expect(codes(empty)).toEqual(['SUBMISSION_EMPTY']);
  expect(codes(await openSubmission(at('a.zip', zipOf([])), exercise))).toEqual(['SUBMISSION_EMPTY']);
  expect(codes(await openSubmission(join(folder, 'nowhere'), exercise))).toEqual(['SUBMISSION_UNREADABLE']);
});

test('of a whole project all files are taken that are text', async () => {
  const project = exerciseOf({ takes: 'project', files: [] });
  const files = { 'compose.yml': 'services: {}\n', 'web/conf/a.conf': 'a' };
  const path = at(
    'a.zip',
    zipOf(
      [...asParts(files), { name: 'logo.png', content: Buffer.from([0, 255]) }].map((part) => ({
        ...part,
        name: `bob/${part.name}`,
      })),
    ),
  );
  const { files: found, notes } = taken(await openSubmission(path, project));
  expect(found).toEqual(files);
  expect(notes.join()).toContain('logo.png');
  const large = at('a.zip', zipOf([{ name: 'compose.yml', content: 'x'.repeat(65_537) }]));
  expect(codes(await openSubmission(large, project))).toEqual(['SUBMISSION_TOO_LARGE']);
});

test('a digest depends on paths and contents, on where one ends, and not on the order', () => {
  const digest = (files: Record<string, string>) => digestOf(new Map(Object.entries(files)));
  expect(digest({ a: '1', b: '2' })).toBe(digest({ b: '2', a: '1' }));
  const others = [{ a: '1', b: '2' }, { a: '2', b: '1' }, { a: '1b', '': '2' }, { a: '1' }, { a1: '', b: '2' }];
  expect(new Set(others.map(digest)).size).toBe(others.length);
  expect(digest({})).toMatch(/^[0-9a-f]{64}$/);
});

test('a name with control characters is printable in its refusal', async () => {
  const opened = await openSubmission(at('a.zip', zipOf([{ name: 'a\x1b[2Jb' }])), exercise);
  expect(opened).toEqual({ refusals: [expect.objectContaining({ code: 'SUBMISSION_PATH', where: 'a\\x1b[2Jb' })] });
});

test('what is damaged, or named like an archive and is none, is refused', async () => {
  const good = zipOf(asParts(both));
  writeFileSync(join(folder, 'cut.zip'), good.subarray(0, good.length - 30));
  for (const path of [
    join(folder, 'cut.zip'),
    at('a.zip', 'x'),
    at('a.rar', 'Rar!'),
    at('a.tgz', Buffer.from([0x1f, 0x8b, 1])),
  ])
    expect(codes(await openSubmission(path, exercise)), path).toEqual(['SUBMISSION_ARCHIVE']);
});
