import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { answers, startDetached } from '../../src/engine/setup/start.ts';
import { setup } from '../../src/engine/setup/setup.ts';

/**
 * A second engine needs root and dockerd on this machine, and a network namespace of its own: `--bridge=none` deletes
 * the interface docker0, which in the host's namespace is the first engine's.
 */
const inside = ['unshare', '--net'];
const possible = process.getuid?.() === 0 && existsSync('/usr/sbin/dockerd');

describe.runIf(possible)('an engine without systemd', () => {
  let home: string;
  let pid: number | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lab-dockerd-'));
  });
  afterEach(async () => {
    if (pid !== undefined) await stop(pid);
    pid = undefined;
    await rm(home, { recursive: true, force: true });
  });

  const inHome = (name: string): string => join(home, name);
  const separate = (): string[] => [
    `--host=unix://${inHome('docker.sock')}`,
    `--data-root=${inHome('data')}`,
    `--exec-root=${inHome('exec')}`,
    `--pidfile=${inHome('pid')}`,
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
  ];

  it('is started in a session of its own and answers', async () => {
    const docker = new Docker({ socketPath: inHome('docker.sock') });
    const bridge = bridgeIndex();
    expect(await answers(docker)).toBe(false);
    pid = await startDetached({ docker, log: inHome('log'), args: separate(), inside });
    expect(await answers(docker)).toBe(true);
    // The host's own engine still has the very interface that it had.
    expect(bridgeIndex()).toBe(bridge);
    // proc(5): the sixth field of stat is the session.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    expect(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])).toBe(pid);
    expect(await readFile(inHome('log'), 'utf8')).toContain('API listen on');
  }, 60_000);

  it('that does not come up ends in the last lines of its log, at once', async () => {
    const docker = new Docker({ socketPath: inHome('docker.sock') });
    const start = startDetached({
      docker,
      inside,
      log: inHome('log'),
      args: [...separate(), '--storage-driver=no-such-driver'],
    });
    await expect(start).rejects.toMatchObject({
      code: 'ENGINE_START_FAILED',
      exitCode: 3,
      problems: [{ found: expect.stringContaining('no-such-driver') as string }],
    });
  }, 60_000);
});

it('leaves an engine alone that is there and fine', async () => {
  const asked: string[][] = [];
  const confirm = async (plan: string[]): Promise<boolean> => {
    asked.push(plan);
    return false;
  };
  expect(await setup({ emit: () => undefined, confirm })).toBe('nothing');
  expect(asked).toEqual([]);
});

/** Kernel number of docker0, which is another one once it was deleted and made again. */
function bridgeIndex(): string | undefined {
  const file = '/sys/class/net/docker0/ifindex';
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function stop(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const end = Date.now() + 20_000;
  while (existsSync(`/proc/${pid}`) && Date.now() < end) await pause(50);
}
