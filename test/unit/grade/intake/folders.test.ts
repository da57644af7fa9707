import { execFileSync, spawn } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolderOf } from '../../../../src/grade/intake/folder.ts';
import { openSubmission } from '../../../../src/grade/intake/intake.ts';
import { deadlineIn } from '../../../../src/grade/intake/limits.ts';
import { openRegular } from '../../../../src/grade/intake/open-file.ts';
import { Refused } from '../../../../src/grade/intake/refused.ts';
import { codes, exerciseOf, scratch, taken, write } from './archives.ts';

const scratched = scratch();
const exercise = exerciseOf();
const secret = 'only the grader may read this';
write(scratched, { 'outside/haproxy.cfg': secret });
const outside = join(scratched, 'outside');
let count = 0;

/** A student's folder with a good file, under its real name. */
function student(): string {
  const path = join(scratched, `student-${(count += 1)}`);
  write(path, { 'balancer/haproxy.cfg': 'global\n' });
  return path;
}

/** What this process holds open of a folder. */
function openBelow(folder: string): string[] {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // the listing's own
    }
  });
  return targets.filter((target) => target.startsWith(folder));
}

const replace = (path: string, put: (path: string) => void) => {
  unlinkSync(path);
  put(path);
};

test.each<[string, string, (file: string) => void]>([
  ['a symbolic link', 'SUBMISSION_LINK', (file) => symlinkSync(join(outside, 'haproxy.cfg'), file)],
  ['a link to a device without end', 'SUBMISSION_LINK', (file) => symlinkSync('/dev/zero', file)],
  ['a link to itself', 'SUBMISSION_LINK', (file) => symlinkSync(file, file)],
  ['a hard link', 'SUBMISSION_LINK', (file) => linkSync(join(outside, 'haproxy.cfg'), file)],
  ['a pipe that nobody writes to', 'SUBMISSION_KIND', (file) => execFileSync('mkfifo', [file])],
])('%s in place of a file is refused at once', async (_, code, put) => {
  const path = student();
  replace(join(path, 'balancer/haproxy.cfg'), put);
  expect(codes(await openSubmission(path, exercise))).toEqual([code]);
  // Opened without a look before, as after a swap: what it is counts then, too.
  await expect(openRegular(join(path, 'balancer/haproxy.cfg'), 'x')).rejects.toMatchObject({ refusals: [{ code }] });
});

test('a socket in place of a file is refused', async () => {
  const path = student();
  unlinkSync(join(path, 'balancer/haproxy.cfg'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(path, 'balancer/haproxy.cfg'), resolve));
  try {
    expect(codes(await openSubmission(path, exercise))).toEqual(['SUBMISSION_KIND']);
  } finally {
    server.close();
  }
});

test('a folder that is a link, above a file or itself, is refused', async () => {
  const path = join(scratched, 'with-link');
  mkdirSync(path);
  symlinkSync(outside, join(path, 'balancer'));
  expect(codes(await openSubmission(path, exercise))).toEqual(['SUBMISSION_LINK']);
  symlinkSync(student(), join(scratched, 'link'));
  expect(codes(await openSubmission(join(scratched, 'link'), exercise))).toEqual(['SUBMISSION_LINK']);
  expect(codes(await openSubmission(`${join(scratched, 'link')}/`, exercise))).toEqual(['SUBMISSION_LINK']);
  expect(codes(await openSubmission('/dev/zero', exercise))).toEqual(['SUBMISSION_KIND']);
});

test('a link that nobody asked for is left out of a folder, and refused in a whole project', async () => {
  const path = student();
  symlinkSync('/dev/zero', join(path, 'latest'));
  const { files, notes } = taken(await openSubmission(path, exercise));
  expect(files).toEqual({ 'balancer/haproxy.cfg': 'global\n' });
  expect(notes.join()).toContain('latest');
  expect(codes(await openSubmission(path, exerciseOf({ takes: 'project', files: [] })))).toEqual(['SUBMISSION_LINK']);
});

test('a file that is swapped after the look is refused', async () => {
  const swaps: [string, (file: string) => void][] = [
    ['SUBMISSION_LINK', (file) => symlinkSync(join(outside, 'haproxy.cfg'), file)],
    ['SUBMISSION_CHANGED', (file) => renameSync(join(scratched, 'other'), file)],
    ['SUBMISSION_UNREADABLE', () => undefined],
  ];
  for (const [code, put] of swaps) {
    writeFileSync(join(scratched, 'other'), 'other');
    const path = student();
    const holder = await openFolderOf(path, deadlineIn(10_000));
    const file = holder.entries.find(({ kind }) => kind === 'file')!;
    replace(join(path, 'balancer/haproxy.cfg'), put);
    await expect(file.read(1000, deadlineIn(10_000)), code).rejects.toMatchObject({ refusals: [{ code }] });
    await holder.close();
  }
});

test('a folder that is swapped after the look does not lead elsewhere', async () => {
  const path = student();
  const holder = await openFolderOf(path, deadlineIn(10_000));
  const file = holder.entries.find(({ kind }) => kind === 'file')!;
  renameSync(join(path, 'balancer'), join(path, 'moved'));
  symlinkSync(outside, join(path, 'balancer'));
  expect(String(await file.read(1000, deadlineIn(10_000)))).toBe('global\n');
  await holder.close();
});

test('a file that grows after the look is read up to the bound', async () => {
  const path = student();
  const holder = await openFolderOf(path, deadlineIn(10_000));
  const file = holder.entries.find(({ kind }) => kind === 'file')!;
  writeFileSync(join(path, 'balancer/haproxy.cfg'), 'x'.repeat(1001));
  await expect(file.read(1000, deadlineIn(10_000))).rejects.toThrow(Refused);
  await holder.close();
});

test('while links are swapped all the time, nothing from outside is read and no file stays open', async () => {
  const path = student();
  const script = `cd "$0" && while :; do
    mv balancer away; ln -s "$1" balancer; rm balancer; mv away balancer
    mv balancer/haproxy.cfg kept; ln -s "$1/haproxy.cfg" balancer/haproxy.cfg; rm balancer/haproxy.cfg; mv kept balancer/haproxy.cfg
  done`;
  const swapper = spawn('sh', ['-c', script, path, outside], { stdio: 'ignore', detached: true });
  try {
    for (let round = 0; round < 300; round += 1) {
      const opened = await openSubmission(path, exercise);
      expect(JSON.stringify('submission' in opened ? [...opened.submission.files] : opened)).not.toContain(secret);
    }
  } finally {
    process.kill(-swapper.pid!, 'SIGKILL');
  }
  expect(openBelow(scratched)).toEqual([]);
});

test('more files than are ever listed, and folders too deep, are refused', async () => {
  const many = student();
  for (let index = 0; index < 6000; index += 1) writeFileSync(join(many, `f${index}`), '');
  expect(codes(await openSubmission(many, exercise))).toEqual(['SUBMISSION_TOO_MANY']);
  const deep = student();
  mkdirSync(join(deep, '1/2/3/4/5/6/7/8/9/10'), { recursive: true });
  expect(codes(await openSubmission(deep, exercise))).toEqual(['SUBMISSION_TOO_DEEP']);
  expect(readFileSync(join(outside, 'haproxy.cfg'), 'utf8')).toBe(secret);
});

test('a name with a terminal escape or a backslash is refused', async () => {
  for (const name of ['x\x1b[2J', 'a\\b']) {
    const path = student();
    writeFileSync(join(path, name), '');
    expect(codes(await openSubmission(path, exercise))).toEqual(['SUBMISSION_PATH']);
  }
});
