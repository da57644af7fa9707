import type Docker from 'dockerode';
import { isRunning } from '../../engine/containers.ts';
import { Shell } from '../../engine/shell.ts';
import { removeContainer } from '../../probe/remove-container.ts';
import { printable } from '../../printable.ts';
import { Cleanup } from './cleanup.ts';
import { createBounded } from './container.ts';
import { execute, type Execution } from './execute.ts';
import { readRules, type Rules } from './rules.ts';

export interface ScriptOptions {
  docker: Docker;
  /** The `server-firewall` image. */
  image: string;
  /** The Compose project whose label everything carries, so that a sweep finds it. */
  project: string;
  script: string;
  signal: AbortSignal;
}

export interface ScriptRun extends Execution {
  /** What was in force at the end, or why that cannot be told. */
  rules: Rules | string;
  /** What the script called that has no effect here, such as `apt-get install ufw`; printable, at most twenty. */
  neutralised: string[];
}

/** Writable places, in all less than the container's memory. ufw writes its settings; what `sed -i` edits needs its folder. */
const tmpfs = {
  '/etc/ufw': 'size=2m,mode=755,nosuid,nodev',
  '/etc/default': 'size=1m,mode=755,nosuid,nodev',
  '/root': 'size=2m,mode=700,nosuid,nodev,exec',
  '/run': 'size=2m,mode=755,nosuid,nodev',
  '/tmp': 'size=8m,mode=1777,nosuid,nodev',
  '/var/lib': 'size=1m,mode=755,nosuid,nodev',
  '/var/log': 'size=1m,mode=755,nosuid,nodev',
};

/**
 * Runs a firewall script on a server without a network and gives the rules that it leaves behind. They are read from a second
 * container, which shares nothing with the first but its network, and only after the first has been killed: nothing that the
 * script started can be alive then, and none of its files is where the reading happens.
 * @throws the signal's reason, or what the engine says; nothing is left behind
 */
export async function runScript(options: ScriptOptions): Promise<ScriptRun> {
  const { docker, image, project, script, signal } = options;
  const cleanup = new Cleanup();
  try {
    const server = await createBounded(docker, image, project, {
      entrypoint: ['/usr/local/sbin/stand'],
      network: 'none',
      tmpfs,
      sysctls: ipv6On,
    });
    cleanup.add(() => removeContainer(server));
    await server.start();
    const execution = await execute(server, script, signal);
    const neutralised = await readNeutralised(server);
    const reader = await createBounded(docker, image, project, {
      entrypoint: ['sleep', '60'],
      network: `container:${server.id}`,
      tmpfs: { '/run': 'size=1m,mode=755' },
    });
    cleanup.add(() => removeContainer(reader));
    try {
      await reader.start();
    } catch (error) {
      signal.throwIfAborted();
      // The script can end its own server; what else keeps a container from starting is no fault of the script's.
      if (await isRunning(server)) throw error;
      return { ...execution, neutralised, ended: 'dead', rules: 'its server was gone when it ended' };
    }
    await removeContainer(server);
    const shell = await Shell.open(reader);
    try {
      return { ...execution, neutralised, rules: await readRules(shell) };
    } finally {
      shell.close();
    }
  } finally {
    await cleanup.run();
  }
}

/** IPv6 is on, so that it is rules that stop it and not its absence. */
export const ipv6On = {
  'net.ipv6.conf.all.disable_ipv6': '0',
  'net.ipv6.conf.default.disable_ipv6': '0',
  // No waiting for an address to be found unique: nobody else is there.
  'net.ipv6.conf.default.accept_dad': '0',
  'net.ipv6.conf.all.accept_dad': '0',
};

/** For notes alone: the script can write what it likes there. */
async function readNeutralised(server: Docker.Container): Promise<string[]> {
  const shell = await Shell.open(server).catch(() => undefined);
  if (shell === undefined) return [];
  try {
    const argv = ['/usr/bin/head', '-c', '8192', '/run/neutralised'];
    const { stdout } = await shell.run(argv, { timeoutMs: 2000, maxBytes: 16_384 });
    const lines = stdout.split('\n').map((line) => printable(line.trim()).slice(0, 120));
    return [...new Set(lines.filter((line) => line !== ''))].slice(0, 20);
  } catch {
    return [];
  } finally {
    shell.close();
  }
}
