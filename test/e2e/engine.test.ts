import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { composeConfig, composePs, composeUp, type ComposeProject } from '../../src/engine/compose.ts';
import { composeLabel, inspectProject, logsTail, projectContainers } from '../../src/engine/containers.ts';
import { connect } from '../../src/engine/docker.ts';
import { usedSubnets } from '../../src/engine/networks.ts';
import { portHolders } from '../../src/engine/ports.ts';
import { pullOptional } from '../../src/engine/registry.ts';
import { belongings, teardown } from '../../src/engine/teardown.ts';
import { imageFor } from '../support/images.ts';

const project = `engine-trial-${process.pid}`;
let docker: Docker;
let image: string;
let directory: string;
let target: ComposeProject;

const write = (services: object): Promise<void> => writeFile(target.file, JSON.stringify({ services }));
const sleeper = (more: object = {}): object => ({ image, entrypoint: ['sleep', '600'], init: true, ...more });

beforeAll(async () => {
  [docker, image] = await Promise.all([connect(), imageFor('base')]);
  directory = await mkdtemp(join(tmpdir(), 'lab-engine-'));
  target = { project, directory, file: join(directory, 'compose.yml') };
});
afterAll(async () => {
  await write({ main: sleeper() });
  await teardown(docker, project, { volumes: true });
  await rm(directory, { recursive: true });
});

describe('a project', () => {
  let container: Docker.Container;
  beforeAll(async () => {
    const command = ['sh', '-c', 'echo to out; echo to err >&2; exec sleep 600'];
    await write({ main: { image, entrypoint: command, init: true, ports: ['127.0.0.1:0:80'] } });
    await composeUp(target);
    const inspected = await inspectProject(docker, project);
    container = docker.getContainer(inspected.get('main')?.Id ?? '');
  });

  it('is found by its label, and its subnet is known to be in use', async () => {
    expect(await composePs(target)).toMatchObject([{ Service: 'main', State: 'running' }]);
    expect(await projectContainers(docker, 'no-such-project')).toEqual([]);
    expect(await usedSubnets(docker)).toContainEqual(
      expect.objectContaining({ by: `Docker network ${project}_default`, project }),
    );
  });

  it('holds the ports that it publishes', async () => {
    const [info] = await projectContainers(docker, project);
    const port = info?.Ports.find(({ PublicPort }) => PublicPort)?.PublicPort as number;
    expect(await portHolders([port], docker)).toEqual(
      new Map([[port, { kind: 'container', name: `${project}-main-1`, project }]]),
    );
  });

  it('shows the last lines of both streams', async () => {
    expect((await logsTail(container, 10)).sort()).toEqual(['to err', 'to out']);
    expect(await logsTail(container, 1)).toHaveLength(1);
  });

  it('starts nothing twice', async () => {
    const before = (await container.inspect()).State.StartedAt;
    await composeUp(target);
    expect((await container.inspect()).State.StartedAt).toBe(before);
  });
});

describe('teardown', () => {
  it('says what else is attached to a network, and removes all once that has gone', async () => {
    await write({ main: sleeper() });
    await composeUp(target);
    const guest = await docker.createContainer({
      Image: image,
      Entrypoint: ['sleep', '600'],
      HostConfig: { NetworkMode: `${project}_default` },
    });
    try {
      await guest.start();
      const { Name } = await guest.inspect();
      await expect(teardown(docker, project)).rejects.toMatchObject({
        code: 'NETWORK_IN_USE',
        exitCode: 3,
        problems: [{ found: Name.slice(1) }],
      });
    } finally {
      await guest.remove({ force: true });
    }
    expect(await teardown(docker, project)).toEqual({ containers: 0, networks: 1, volumes: 0 });
    expect(await belongings(docker, project)).toEqual({ containers: 0, networks: 0, volumes: 0 });
  });
});

describe('teardown with the data', () => {
  it('says so when something else uses it', async () => {
    const volume = `${project}_data`;
    await docker.createVolume({ Name: volume, Labels: { [composeLabel.project]: project } });
    const guest = await docker.createContainer({
      Image: image,
      Entrypoint: ['sleep', '600'],
      HostConfig: { Binds: [`${volume}:/data`] },
    });
    try {
      await expect(teardown(docker, project, { volumes: true })).rejects.toMatchObject({
        code: 'VOLUME_IN_USE',
        exitCode: 3,
      });
    } finally {
      await guest.remove({ force: true });
    }
    expect(await teardown(docker, project, { volumes: true })).toMatchObject({ volumes: 1 });
  });
});

describe('teardown of a project that still grows', () => {
  it('takes along what comes while it is at work', async () => {
    await write({ main: sleeper() });
    await composeUp(target);
    const comes = async (): Promise<void> => {
      const late = await docker.createContainer({
        Image: image,
        Entrypoint: ['sleep', '600'],
        Labels: { [composeLabel.project]: project, [composeLabel.service]: 'late' },
        HostConfig: { NetworkMode: `${project}_default` },
      });
      await late.start();
    };
    // Compose goes on creating for a moment when the `lab` that started it is killed.
    const listVolumes = docker.listVolumes.bind(docker);
    const spy = vi.spyOn(docker, 'listVolumes').mockImplementationOnce(async (options) => {
      const found = await listVolumes(options);
      await comes();
      return found;
    });
    expect(await teardown(docker, project)).toMatchObject({ networks: 1 });
    expect(spy.mock.calls.length).toBeGreaterThan(2);
    expect(await belongings(docker, project)).toEqual({ containers: 0, networks: 0, volumes: 0 });
  });

  it('does not take for a stranger what is its own and not yet listed', async () => {
    await write({ main: sleeper() });
    await composeUp(target);
    // A container that was removed as it started stays on its networks for a moment.
    const spy = vi.spyOn(docker, 'listContainers').mockResolvedValueOnce([]).mockResolvedValueOnce([]);
    expect(await teardown(docker, project)).toMatchObject({ containers: 1, networks: 1 });
    spy.mockRestore();
    expect(await belongings(docker, project)).toEqual({ containers: 0, networks: 0, volumes: 0 });
  });
});

describe('Compose', () => {
  it('refuses a file that is none', async () => {
    await write({ main: { imagee: image } });
    await expect(composeConfig(target)).rejects.toMatchObject({
      code: 'COMPOSE_FAILED',
      problems: [{ found: expect.stringContaining('imagee') as string }],
    });
    await write({ main: sleeper() });
    await expect(composeConfig(target)).resolves.toBeUndefined();
  });

  it('says which container died, which image is missing', async () => {
    await write({
      main: { image, entrypoint: ['sh', '-c', 'exit 3'], healthcheck: { test: ['CMD', 'true'] } },
      after: sleeper({ depends_on: { main: { condition: 'service_healthy' } } }),
    });
    await expect(composeUp(target)).rejects.toMatchObject({
      code: 'CONTAINER_DIED',
      exitCode: 1,
      message: `Container ${project}-main-1 exited (3).`,
    });
    await write({ main: { ...sleeper(), image: 'lab/no-such-part:1' } });
    await expect(composeUp(target)).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      exitCode: 3,
      message: expect.stringContaining('lab/no-such-part:1') as string,
    });
  });

  it('reports progress line by line, and stops when it is told to', async () => {
    const stop = new AbortController();
    await write({ main: sleeper({ healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 100 } }) });
    const lines: string[] = [];
    const onLine = (line: string): void => {
      lines.push(line);
      if (line.includes('Waiting')) stop.abort(new Error('Ctrl-C'));
    };
    await expect(composeUp(target, { wait: true, signal: stop.signal, onLine })).rejects.toThrow('Ctrl-C');
    expect(lines.some((line) => line.includes(`${project}-main-1`))).toBe(true);
  });
});

describe('an image that a lab can do without', () => {
  it('is present, or its refusal is remembered', async () => {
    expect(await pullOptional(docker, image, { home: directory })).toEqual({ status: 'present' });
    // Port 9 of loopback: no registry listens there.
    const reference = '127.0.0.1:9/lab/none:1';
    const refused = await pullOptional(docker, reference, { home: directory, deadlineMs: 5000, now: 1000 });
    expect(refused).toMatchObject({ status: 'unavailable', reason: expect.stringContaining('127.0.0.1:9') as string });
    const memory = JSON.parse(await readFile(join(directory, '.cache', 'registry.json'), 'utf8')) as object;
    expect(memory).toEqual({ [reference]: { at: 1000, reason: (refused as { reason: string }).reason } });
    await writeFile(
      join(directory, '.cache', 'registry.json'),
      JSON.stringify({ [reference]: { at: 1000, reason: 'from memory' } }),
    );
    expect(await pullOptional(docker, reference, { home: directory, now: 3_600_000 })).toEqual({
      status: 'unavailable',
      reason: 'from memory',
    });
    const later = await pullOptional(docker, reference, { home: directory, now: 3_602_000 });
    expect(later).toMatchObject({ reason: expect.stringContaining('127.0.0.1:9') as string });
  });
});
