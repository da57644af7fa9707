import { execFileSync } from 'node:child_process';
import { link, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarOf, zipOf, type ZipPart } from '../unit/grade/intake/archives.ts';
import type { Hostile, Target } from './hostile.ts';

const file = 'balancer/haproxy.cfg';

function folder(
  name: string,
  tries: string,
  refused: string,
  make: (file: string, target: Target) => Promise<unknown> | unknown,
): Hostile {
  return {
    name,
    tries,
    outcome: { refused },
    write: async (place, target) => {
      await mkdir(dirname(join(place, file)), { recursive: true });
      await make(join(place, file), target);
      return place;
    },
  };
}

function archive(
  name: string,
  tries: string,
  refused: string,
  extension: string,
  make: (target: Target) => Promise<Buffer> | Buffer,
): Hostile {
  return {
    name,
    tries,
    outcome: { refused },
    write: async (place, target) => {
      const path = `${place}.${extension}`;
      await writeFile(path, await make(target));
      return path;
    },
  };
}

const text: ZipPart = { name: file, content: 'global\n' };

/** Hostile files and archives: what is refused before anything runs. */
export const hostileFiles: readonly Hostile[] = [
  folder('link-to-host', 'have a file of the host read through a link', 'SUBMISSION_LINK', (path, { secret }) =>
    symlink(secret, path),
  ),
  folder(
    'hard-link-to-host',
    'have a file of the host read through a hard link',
    'SUBMISSION_LINK',
    (path, { secret }) => link(secret, path),
  ),
  folder('pipe', 'keep the grader waiting at a pipe', 'SUBMISSION_KIND', (path) => execFileSync('mkfifo', [path])),
  folder('sparse', 'be a file of a terabyte that takes no place', 'SUBMISSION_TOO_LARGE', async (path) => {
    await writeFile(path, 'global\n');
    await truncate(path, 2 ** 40);
  }),
  folder('utf-16', 'be text that programs read differently', 'SUBMISSION_ENCODING', (path) =>
    writeFile(path, Buffer.from('\ufeffglobal\n', 'utf16le')),
  ),
  folder('escape-in-name', 'have a terminal obey a file’s name', 'SUBMISSION_PATH', async (path) => {
    await writeFile(path, 'global\n');
    await writeFile(
      join(dirname(path), '\u001b]0;owned\u0007\u001b[2J<script>alert(1)</script>'.replaceAll('/', '')),
      '',
    );
  }),
  archive('zip-bomb', 'become a gigabyte when it is unpacked', 'SUBMISSION_TOO_LARGE', 'zip', () =>
    zipOf([{ ...text, content: Buffer.alloc(100 * 2 ** 20) }]),
  ),
  archive('gzip-bomb', 'become many gigabytes when it is unpacked', 'SUBMISSION_TOO_LARGE', 'tar.gz', () =>
    gzipSync(Buffer.alloc(200 * 2 ** 20)),
  ),
  archive('tar-out', 'write outside of where it is unpacked', 'SUBMISSION_PATH', 'tar', ({ trace }) =>
    tarOf([{ name: `../../../../../../../..${trace}`, content: 'x' }]),
  ),
  archive('tar-link', 'write through a link', 'SUBMISSION_LINK', 'tar', ({ secret }) =>
    tarOf([
      { name: 'balancer', type: 'symlink', linkname: dirname(secret) },
      { name: file, content: 'x' },
    ]),
  ),
  archive('tar-device', 'be a device', 'SUBMISSION_KIND', 'tar', () =>
    tarOf([{ name: file, type: 'block-device', devmajor: 8, devminor: 0 }]),
  ),
  archive('zip-link', 'have a file of the host read through a link', 'SUBMISSION_LINK', 'zip', ({ secret }) =>
    zipOf([{ name: file, content: secret, mode: 0o120777 }]),
  ),
  archive(
    'zip-twice',
    'be one thing when it is checked and another when it is used',
    'SUBMISSION_DUPLICATE',
    'zip',
    () => zipOf([text, { name: './balancer//HAProxy.cfg', content: 'other\n' }]),
  ),
  archive('zip-many', 'have a hundred thousand files', 'SUBMISSION_TOO_MANY', 'zip', () =>
    zipOf(Array.from({ length: 100_000 }, (_, index) => ({ name: `f${index}`, method: 0 }))),
  ),
];
