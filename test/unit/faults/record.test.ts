import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeFaults, alone, forget, keep, type ActiveFault } from '../../../src/faults/record.ts';
import { folderAt, type ProjectFolder } from '../../../src/project/folder.ts';

let folder: ProjectFolder;
const fault = (name: string): ActiveFault => ({
  fault: name,
  brokenAt: '2026-01-01T00:00:00.000Z',
  by: 'person',
  owner: 'host/1/1',
  changes: [{ touches: 'web3/nginx', before: 'running', after: null }],
});

beforeEach(async () => {
  folder = folderAt(await mkdtemp(join(tmpdir(), 'lab-faults-')));
});
afterEach(() => rm(folder.root, { recursive: true }));

describe('the record of what is broken', () => {
  it('keeps faults in their order, replaces one, forgets one, and is gone when nothing is broken', async () => {
    expect(await activeFaults(folder)).toEqual([]);
    await keep(folder, fault('one'));
    await keep(folder, fault('two'));
    await keep(folder, { ...fault('two'), by: 'drill' });
    expect((await activeFaults(folder)).map(({ fault: name, by }) => `${name} ${by}`)).toEqual([
      'one person',
      'two drill',
    ]);
    await forget(folder, 'one');
    await forget(folder, 'two');
    expect(await readdir(folder.root)).toEqual([]);
  });

  it('is for its owner alone, as it may hold keys', async () => {
    await keep(folder, fault('one'));
    expect((await stat(folder.faults)).mode & 0o077).toBe(0);
  });

  it.each(['', '{', '[]', '{"version":2,"active":[]}', '{"version":1,"active":[{"fault":1}]}'])(
    'that cannot be read (%s) is an error with a way out',
    async (text) => {
      await writeFile(folder.faults, text);
      await expect(activeFaults(folder)).rejects.toMatchObject({ code: 'FAULTS_INVALID', exitCode: 1 });
    },
  );
});

describe('breaking and mending', () => {
  it('is done by one process at a time, and goes on after one that died', async () => {
    await alone(folder, async () => {
      await expect(alone(folder, () => Promise.resolve())).rejects.toMatchObject({ code: 'FAULTS_BUSY' });
    });
    await writeFile(`${folder.faults}.busy`, 'elsewhere/1/1');
    await expect(alone(folder, () => Promise.resolve())).rejects.toMatchObject({ code: 'FAULTS_BUSY' });
    const { hostname } = await import('node:os');
    await writeFile(`${folder.faults}.busy`, `${hostname()}/999999999/1`);
    expect(await alone(folder, () => Promise.resolve('done'))).toBe('done');
    expect(await readdir(folder.root)).toEqual([]);
  });
});
