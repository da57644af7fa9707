import { gzipSync } from 'node:zlib';
import { createGzip } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSubmission } from '../../../../src/grade/intake/intake.ts';
import { deadlineIn } from '../../../../src/grade/intake/limits.ts';
import { Refused } from '../../../../src/grade/intake/refused.ts';
import { codes, exerciseOf, scratch, tarOf, write, zipOf, type ZipPart } from './archives.ts';

const folder = scratch();
const exercise = exerciseOf();
const good = { name: 'balancer/haproxy.cfg', content: 'global\n' };
let count = 0;

async function open(content: Buffer, name = 'a.zip', asked = exercise) {
  const path = join(folder, `${(count += 1)}`);
  write(path, { [name]: content });
  return openSubmission(join(path, name), asked);
}

const many = (length: number): ZipPart[] => Array.from({ length }, (_, index) => ({ name: `f${index}`, method: 0 }));

test.each<[string, string, ZipPart[]]>([
  ['a link', 'SUBMISSION_LINK', [{ name: 'other', content: '/etc/passwd', mode: 0o120777 }]],
  ['a link in place of a folder', 'SUBMISSION_LINK', [{ name: 'balancer/', mode: 0o120777 }]],
  ['a device', 'SUBMISSION_KIND', [{ name: 'other', mode: 0o020666 }]],
  ['a pipe', 'SUBMISSION_KIND', [{ name: 'other', mode: 0o010666 }]],
  ['a socket', 'SUBMISSION_KIND', [{ name: 'other', mode: 0o140666 }]],
  ['a way up', 'SUBMISSION_PATH', [{ name: '../x' }]],
  ['a way up within', 'SUBMISSION_PATH', [{ name: 'a/../../x' }]],
  ['a way up below what is left out', 'SUBMISSION_PATH', [{ name: '.git/../../x' }]],
  ['an absolute path', 'SUBMISSION_PATH', [{ name: '/etc/cron.d/x' }]],
  ['a backslash', 'SUBMISSION_PATH', [{ name: '..\\x' }]],
  ['a drive letter', 'SUBMISSION_PATH', [{ name: 'C:x' }]],
  ['a NUL in a name', 'SUBMISSION_PATH', [{ name: 'x\0.cfg' }]],
  ['a terminal escape in a name', 'SUBMISSION_PATH', [{ name: 'x\x1b]0;pwned\x07' }]],
  ['a C1 control in a name', 'SUBMISSION_PATH', [{ name: 'x\u009b2J' }]],
  ['a path without end', 'SUBMISSION_PATH', [{ name: 'x'.repeat(241) }]],
  ['one path twice', 'SUBMISSION_DUPLICATE', [good]],
  ['one path twice, written otherwise', 'SUBMISSION_DUPLICATE', [{ name: './balancer//haproxy.cfg' }]],
  ['paths that differ in capitals', 'SUBMISSION_DUPLICATE', [{ name: 'Balancer/HAProxy.cfg' }]],
  ['a file that is a folder too', 'SUBMISSION_DUPLICATE', [{ name: 'balancer' }]],
  ['a file that is an empty folder too', 'SUBMISSION_DUPLICATE', [{ name: 'x/', mode: 0o40755 }, { name: 'x' }]],
  ['an encrypted file', 'SUBMISSION_ENCRYPTED', [{ name: 'x', content: 'x'.repeat(20), flags: 1, method: 8 }]],
  ['strong encryption', 'SUBMISSION_ENCRYPTED', [{ name: 'x', flags: 0x41 }]],
  ['too many files', 'SUBMISSION_TOO_MANY', many(200)],
  ['100,000 files', 'SUBMISSION_TOO_MANY', many(100_000)],
  ['too many files that are left out', 'SUBMISSION_TOO_MANY', many(5001).map(({ name }) => ({ name: `.git/${name}` }))],
  ['folders too deep', 'SUBMISSION_TOO_DEEP', [{ name: '1/2/3/4/5/6/7/8/9' }]],
])('a zip with %s is refused', async (_, code, parts) => {
  expect(codes(await open(zipOf([good, ...parts])))).toEqual([code]);
});

test('names at the limits are taken', async () => {
  const parts = [good, { name: '1/2/3/4/5/6/7/8' }, { name: 'x'.repeat(240) }, ...many(197)];
  expect(codes(await open(zipOf(parts)))).toEqual(['taken']);
});

test.each<[string, string, Parameters<typeof tarOf>[0][number]]>([
  ['a symbolic link', 'SUBMISSION_LINK', { name: 'x', type: 'symlink', linkname: '/etc/passwd' }],
  ['a hard link', 'SUBMISSION_LINK', { name: 'x', type: 'link', linkname: '/etc/passwd' }],
  ['a device', 'SUBMISSION_KIND', { name: 'x', type: 'character-device', devmajor: 1, devminor: 5 }],
  ['a block device', 'SUBMISSION_KIND', { name: 'x', type: 'block-device', devmajor: 8, devminor: 0 }],
  ['a pipe', 'SUBMISSION_KIND', { name: 'x', type: 'fifo' }],
  ['a way up', 'SUBMISSION_PATH', { name: '../x' }],
  ['an absolute path', 'SUBMISSION_PATH', { name: '/x' }],
  ['a long way up in a header of its own', 'SUBMISSION_PATH', { name: `${'é'.repeat(60)}/../../x` }],
])('a tar with %s is refused', async (_, code, part) => {
  const tar = await tarOf([good, part]);
  expect(codes(await open(tar, 'a.tar'))).toEqual([code]);
  expect(codes(await open(gzipSync(tar), 'a.tgz'))).toEqual([code]);
});

test('a tar of 100,000 entries is refused', async () => {
  const block = (await tarOf([{ name: 'x', type: 'file' }])).subarray(0, 512);
  const tar = Buffer.concat([...Array.from({ length: 100_000 }, () => block)]);
  expect(codes(await open(gzipSync(tar), 'a.tgz'))).toEqual(['SUBMISSION_TOO_MANY']);
});

test('a tar that ends within a file is refused', async () => {
  const tar = await tarOf([{ ...good, content: 'x'.repeat(900) }]);
  expect(codes(await open(tar.subarray(0, 1024), 'a.tar'))).toEqual(['SUBMISSION_ARCHIVE']);
});

test('a file that is larger than the exercise allows is refused, in a folder, zip and tar', async () => {
  const large = { ...good, content: 'x'.repeat(1001) };
  const limit = { ...good, content: 'x'.repeat(1000) };
  const path = join(folder, 'large');
  write(path, { [large.name]: large.content });
  expect(codes(await openSubmission(path, exercise))).toEqual(['SUBMISSION_TOO_LARGE']);
  expect(codes(await open(zipOf([large])))).toEqual(['SUBMISSION_TOO_LARGE']);
  expect(codes(await open(await tarOf([large]), 'a.tar'))).toEqual(['SUBMISSION_TOO_LARGE']);
  expect(codes(await open(Buffer.from(large.content), 'haproxy.cfg'))).toEqual(['SUBMISSION_TOO_LARGE']);
  expect(codes(await open(zipOf([limit])))).toEqual(['taken']);
});

test('a zip that lies about sizes is read up to the bound and refused', async () => {
  const heavy = 'x'.repeat(5_000_000);
  expect(codes(await open(zipOf([{ ...good, content: heavy, size: 10 }])))).not.toContain('taken');
  expect(codes(await open(zipOf([{ ...good, content: 'x', size: 900 }])))).toEqual(['SUBMISSION_ARCHIVE']);
});

test('one gibibyte of zeros is refused in little memory', async () => {
  const path = join(folder, 'zeros.tgz');
  const zeros = Buffer.alloc(1 << 20);
  await pipeline(
    Readable.from(Array.from({ length: 1024 }, () => zeros)),
    createGzip({ level: 1 }),
    createWriteStream(path),
  );
  const before = process.memoryUsage().rss;
  expect(codes(await openSubmission(path, exercise))).toEqual(['SUBMISSION_TOO_LARGE']);
  expect(process.memoryUsage().rss - before).toBeLessThan(256 << 20);
});

test('files of 8 MiB in all are the most that is read', async () => {
  const files = Array.from({ length: 130 }, (_, index) => ({ name: `f${index}`, content: 'x'.repeat(65_536) }));
  const project = exerciseOf({ takes: 'project', files: [] });
  expect(codes(await open(zipOf(files), 'a.zip', project))).toEqual(['SUBMISSION_TOO_LARGE']);
  expect(codes(await open(zipOf(files.slice(0, 128)), 'a.zip', project))).toEqual(['taken']);
});

test('an archive of more than 32 MiB is not opened', async () => {
  const stored = { name: 'x', content: Buffer.alloc(32 << 20), method: 0 };
  expect(codes(await open(zipOf([good, stored])))).toEqual(['SUBMISSION_TOO_LARGE']);
});

test.each<[string, RegExp, Buffer]>([
  ['UTF-16 with a mark', /UTF-16/, Buffer.from('\ufeffglobal\n', 'utf16le')],
  ['UTF-16 without a mark', /UTF-16/, Buffer.from('global\n', 'utf16le')],
  ['Latin-1', /not UTF-8/, Buffer.from('caf\xe9', 'latin1')],
  ['NUL bytes', /NUL/, Buffer.from('global\0\n')],
  ['an overlong slash', /not UTF-8/, Buffer.from([0xc0, 0xaf])],
])('%s is refused in its own words', async (_, words, content) => {
  const opened = await open(zipOf([{ ...good, content }]));
  expect(opened).toEqual({
    refusals: [{ code: 'SUBMISSION_ENCODING', message: expect.stringMatching(words), where: 'balancer/haproxy.cfg' }],
  });
});

test('after its deadline nothing more is read', async () => {
  expect(() => deadlineIn(-1).check()).toThrow(Refused);
  const path = join(folder, 'late.tar');
  write(folder, { 'late.tar': await tarOf([good]), 'late.zip': zipOf([good]) });
  for (const late of [path, join(folder, 'late.zip')])
    expect(codes(await openSubmission(late, exercise, -1))).toEqual(['SUBMISSION_TIMEOUT']);
});
