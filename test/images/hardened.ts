import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, Wait } from 'testcontainers';

/** A container as a lab starts it: its own user, no capability, a read-only root, files mounted read-only. */
export class Hardened extends GenericContainer {
  private readonly folder: string;
  private mounts = 0;
  /** What it wrote to standard output and error, line by line. */
  readonly lines: string[] = [];

  /** @param folder for the files that are mounted, see `scratch` */
  constructor(image: string, uid: number, folder: string) {
    super(image);
    this.folder = folder;
    this.hostConfig.ReadonlyRootfs = true;
    this.withUser(`${uid}:${uid}`)
      .withDroppedCapabilities('ALL')
      .withSecurityOpt('no-new-privileges')
      .withTmpFs({ '/run': `uid=${uid},gid=${uid},mode=755`, '/tmp': 'mode=1777' })
      .withHealthCheck({ test: ['CMD', '/usr/local/bin/healthy'], interval: 500, timeout: 5000, retries: 120 })
      .withLogConsumer((stream) => stream.on('data', (line) => this.lines.push(String(line).trim())))
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(60_000);
  }

  /** Mounts a folder with these files at `target`. */
  withFiles(target: string, files: Record<string, string>): this {
    this.mounts += 1;
    const source = join(this.folder, String(this.mounts));
    mkdirSync(source, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(source, name), content);
    return this.withBindMounts([...(this.hostConfig.Binds ?? []).map(asMount), { source, target, mode: 'ro' }]);
  }
}

function asMount(bind: string): { source: string; target: string; mode: 'ro' } {
  const [source = '', target = ''] = bind.split(':');
  return { source, target, mode: 'ro' };
}

/** A folder of the test's own, and how to take it away. */
export async function scratch(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-image-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Waits until `read` gives something other than undefined or false. @throws Error after `deadline` ms */
export async function eventually<T>(
  read: () => Promise<T | undefined | false> | T | undefined | false,
  deadline = 10_000,
): Promise<T> {
  const end = Date.now() + deadline;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await read();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${deadline} ms`, { cause: last });
}
