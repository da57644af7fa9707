import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import type { LabEvent } from '../../src/events.ts';
import { ensureImages } from '../../src/engine/images/build.ts';
import { saveImages, loadImages } from '../../src/engine/images/archive.ts';
import { imageReferences } from '../../src/engine/images/hash.ts';
import { imageId } from '../../src/engine/images/inspect.ts';
import type { PartTable } from '../../src/engine/images/parts.ts';
import { imageFor } from '../support/images.ts';

/** A family of parts so small that building it takes a second. Names that no lab uses. */
const table: PartTable = {
  'trial-root': {},
  'trial-left': { parent: 'trial-root' },
  'trial-right': { parent: 'trial-root', bundles: { 'app.js': 'app.ts' } },
};
let docker: Docker;
let debian: string;
let root: string;
let events: LabEvent[];
const references = new Set<string>();

beforeAll(async () => {
  docker = await connect();
  debian = await imageFor('base');
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-build-'));
  events = [];
  await put('package-lock.json', JSON.stringify({ packages: { 'node_modules/esbuild': { version: '0' } } }));
  // The folder's own name makes every trial new to the engine's build cache.
  await put('images/trial-root/Dockerfile', `ARG PARENT\nFROM \${PARENT}\nRUN echo ${root} > /root-was-here\n`);
  await put('images/trial-left/Dockerfile', 'ARG PARENT\nFROM ${PARENT}\nRUN test -f /root-was-here\n');
  await put(
    'images/trial-right/Dockerfile',
    'ARG PARENT\nFROM ${PARENT}\nCOPY dist/app.js tool /srv/\nRUN test -x /srv/tool && ! test -x /srv/app.js\n',
  );
  await put('images/trial-right/app.ts', `const where: string = '${root}';\nconsole.log(where);\n`);
  await put('images/trial-right/tool', '#!/bin/sh\n', 0o755);
});
afterEach(() => rm(root, { recursive: true, force: true }));
afterAll(async () => {
  for (const reference of references)
    await docker
      .getImage(reference)
      .remove({ force: true })
      .catch(() => undefined);
});

async function put(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text, { mode });
}

async function ensure(more: { only?: string[]; signal?: AbortSignal } = {}): Promise<Record<string, string>> {
  // Known beforehand: a build that fails may have left the images that it stands on.
  Object.values(await imageReferences(root, table)).forEach((reference) => references.add(reference));
  return ensureImages(docker, root, { emit: (event) => events.push(event), table, debian, ...more });
}

const started = (): string[] =>
  events.filter(({ type }) => type === 'step-started').map((event) => ('step' in event ? (event.step[1] ?? '') : ''));

describe('images', () => {
  it('are built once: parents first, programs bundled, and nothing while inputs stay as they are', async () => {
    const images = await ensure();
    expect(started()[0]).toBe('trial-root');
    expect(started().sort()).toEqual(['trial-left', 'trial-right', 'trial-root']);
    const ids = await Promise.all(Object.values(images).map((reference) => imageId(docker, reference)));
    expect(ids.every((id) => id?.startsWith('sha256:'))).toBe(true);
    events = [];
    expect(await ensure()).toEqual(images);
    expect(events).toEqual([]);
  });

  it('are built anew where an input changed, and only there', async () => {
    const before = await ensure();
    events = [];
    await put('images/trial-left/new', 'x');
    const after = await ensure();
    expect(started()).toEqual(['trial-left']);
    expect(after).toEqual({
      ...before,
      'trial-left': expect.not.stringMatching(before['trial-left'] as string) as string,
    });
  });

  it('are built with what they stand on, and no more, when only some are wanted', async () => {
    expect(Object.keys(await ensure({ only: ['trial-left'] }))).toEqual(['trial-left']);
    expect(started()).toEqual(['trial-root', 'trial-left']);
  });

  it('come out one and the same when two labs build at once', async () => {
    const [one, other] = await Promise.all([ensure(), ensure()]);
    expect(one).toEqual(other);
    const id = await imageId(docker, one['trial-right'] as string);
    expect(id).toBeDefined();
    // The first to finish names the image; the second leaves that name alone.
    await ensure();
    expect(await imageId(docker, one['trial-right'] as string)).toBe(id);
  });

  it('that cannot be built end in the last lines of the build, and stop the others', async () => {
    await put('images/trial-left/Dockerfile', 'ARG PARENT\nFROM ${PARENT}\nRUN echo dying words && exit 7\n');
    await put('images/trial-right/Dockerfile', 'ARG PARENT\nFROM ${PARENT}\nRUN sleep 60\n');
    await expect(ensure()).rejects.toMatchObject({
      code: 'IMAGE_BUILD_FAILED',
      exitCode: 3,
      problems: [
        {
          message: 'The image of trial-left could not be built.',
          found: expect.stringMatching(/dying words[^]*exit code: 7/) as string,
        },
      ],
    });
    const failed = events.filter(({ type }) => type === 'step-failed');
    expect(failed).toHaveLength(2);
  }, 30_000);

  it('say so when the disk is full or the mirror is away', async () => {
    await put(
      'images/trial-left/Dockerfile',
      'ARG PARENT\nFROM ${PARENT}\nRUN --mount=type=tmpfs,target=/t,size=65536 dd if=/dev/zero of=/t/x bs=1M count=1\n',
    );
    await expect(ensure({ only: ['trial-left'] })).rejects.toMatchObject({ code: 'DISK_FULL', exitCode: 3 });
    await put(
      'images/trial-left/Dockerfile',
      'ARG PARENT\nFROM ${PARENT}\nRUN echo "deb http://127.0.0.1:9/debian trixie main" > /tmp/list && apt-get -o Dir::Etc::SourceList=/tmp/list -o Dir::Etc::SourceParts=- -o Acquire::Retries=0 update --error-on=any\n',
    );
    await expect(ensure({ only: ['trial-left'] })).rejects.toMatchObject({ code: 'MIRROR_UNREACHABLE', exitCode: 3 });
  });

  it('that are interrupted leave no image behind, and are built by running again', async () => {
    await put(
      'images/trial-left/Dockerfile',
      `ARG PARENT\nFROM \${PARENT}\nRUN test -f /root-was-here && sleep 3 && echo ${root}\n`,
    );
    const stop = new AbortController();
    const interrupted = ensureImages(docker, root, {
      table,
      debian,
      only: ['trial-left'],
      signal: stop.signal,
      emit: (event) => {
        if (event.type === 'step-progress' && event.detail.includes('sleep 3')) stop.abort(new Error('Ctrl-C'));
      },
    });
    await expect(interrupted).rejects.toThrow('Ctrl-C');
    const images = await ensure({ only: ['trial-left'] });
    expect(started()).toEqual(['trial-left']);
    expect(await imageId(docker, images['trial-left'] as string)).toBeDefined();
  }, 30_000);

  it('travel in one file', async () => {
    const images = await ensure({ only: ['trial-left'] });
    const reference = images['trial-left'] as string;
    const id = await imageId(docker, reference);
    const file = join(root, 'images.tar');
    await saveImages(docker, [reference], file, { emit: () => undefined });
    await docker.getImage(reference).remove();
    expect(await imageId(docker, reference)).toBeUndefined();
    expect(await loadImages(docker, file, { emit: () => undefined })).toEqual([reference]);
    expect(await imageId(docker, reference)).toBe(id);
    await expect(loadImages(docker, `${file}.not-there`, { emit: () => undefined })).rejects.toMatchObject({
      code: 'IMAGES_FILE_MISSING',
      exitCode: 2,
    });
  });
});
