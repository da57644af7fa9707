import { createServer } from 'node:net';
import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { execa } from 'execa';
import { composeLabel } from './containers.ts';

/** Who holds a port. */
export type PortHolder =
  { kind: 'container'; name: string; project?: string } | { kind: 'process'; pid?: number; name?: string };

/** Whether a TCP port of this address can be bound now. */
export function portIsFree(port: number, address = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Who holds these ports on loopback; a free port is not in the answer. Without an engine only processes are seen.
 */
export async function portHolders(ports: readonly number[], docker?: Docker): Promise<Map<number, PortHolder>> {
  const containers = docker ? await docker.listContainers() : [];
  const holders = new Map<number, PortHolder>();
  await Promise.all(
    ports.map(async (port) => {
      // Asked first: an engine without its userland proxy holds a port that anyone can still bind.
      const container = publisherOf(containers, port);
      if (container) holders.set(port, container);
      else if (!(await portIsFree(port))) holders.set(port, await processOn(port));
    }),
  );
  return holders;
}

/** In a user's words: `container web1 of project demo`, `nginx (process 123)`. */
export function describeHolder(holder: PortHolder): string {
  if (holder.kind === 'container') {
    return holder.project ? `container ${holder.name} of project ${holder.project}` : `container ${holder.name}`;
  }
  if (holder.pid === undefined) return 'a process of another user';
  return `${holder.name ?? 'a process'} (process ${holder.pid})`;
}

/** The running container that publishes a port where loopback sees it. */
export function publisherOf(containers: readonly Docker.ContainerInfo[], port: number): PortHolder | undefined {
  const container = containers.find(({ Ports }) =>
    Ports.some(
      ({ PublicPort, Type, IP }) =>
        PublicPort === port && Type === 'tcp' && (IP === '0.0.0.0' || IP === '::' || IP.startsWith('127.')),
    ),
  );
  if (!container) return undefined;
  const project = container.Labels[composeLabel.project];
  return {
    kind: 'container',
    name: (container.Names[0] ?? container.Id).replace(/^\//, ''),
    ...(project ? { project } : {}),
  };
}

async function processOn(port: number): Promise<PortHolder> {
  const { stdout, failed } = await execa('ss', ['-Hltnp', `sport = :${port}`], { reject: false, timeout: 3000 });
  const holder = failed ? undefined : parseSs(stdout);
  if (!holder) return { kind: 'process' };
  return { kind: 'process', pid: holder.pid, name: (await commandName(holder.pid)) ?? holder.name };
}

/** The process in the first line of `ss -ltnp` that names one. `ss` cuts names at 15 bytes. */
export function parseSs(text: string): { name: string; pid: number } | undefined {
  const match = /users:\(\("((?:[^"\\]|\\.)*)",pid=(\d+)/.exec(text);
  return match ? { name: match[1] ?? '', pid: Number(match[2]) } : undefined;
}

async function commandName(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = ''] = line.split('\0');
  return program.split('/').at(-1)?.split(' ')[0] || undefined;
}
