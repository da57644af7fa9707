import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type Docker from 'dockerode';
import { connect } from '../../src/engine/docker.ts';
import { LabCommand, traces, until } from '../support/lab.ts';
import { neverEnds, type Target } from './hostile.ts';
import { Watch } from './watch.ts';

/** A machine that grades, and what on it must not be read, reached, written or left behind. */
export class Scene {
  readonly docker: Docker;
  readonly lab: LabCommand;
  /** A folder for submissions and results. */
  readonly work: string;
  readonly target: Target;
  readonly watch: Watch;
  readonly #secret: string;
  readonly #listener: Server;
  readonly #visitors: string[];

  private constructor(
    parts: { docker: Docker; lab: LabCommand; work: string; target: Target; watch: Watch },
    { secret, listener, visitors }: { secret: string; listener: Server; visitors: string[] },
  ) {
    this.docker = parts.docker;
    this.lab = parts.lab;
    this.work = parts.work;
    this.target = parts.target;
    this.watch = parts.watch;
    this.#secret = secret;
    this.#listener = listener;
    this.#visitors = visitors;
  }

  static async open(): Promise<Scene> {
    const docker = await connect();
    const lab = await LabCommand.create();
    const work = await mkdtemp(join(tmpdir(), 'lab-hostile-'));
    const secret = `canary-${randomBytes(16).toString('hex')}`;
    await writeFile(join(work, 'secret'), secret, { mode: 0o644 });
    const visitors: string[] = [];
    const listener = createServer((socket) => {
      visitors.push(`${socket.remoteAddress}`);
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '::', resolve));
    const address = listener.address();
    const hosts = Object.values(networkInterfaces())
      .flatMap((found) => found ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map((found) => found.address);
    const target = {
      secret: join(work, 'secret'),
      trace: join(work, 'trace'),
      hosts: hosts.slice(0, 8),
      port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    };
    const watch = await Watch.over(docker, lab.home);
    return new Scene({ docker, lab, work, target, watch }, { secret, listener, visitors });
  }

  async close(): Promise<void> {
    this.watch.close();
    this.#listener.close();
    await rm(this.work, { recursive: true, force: true });
    await rm(this.lab.home, { recursive: true, force: true });
  }

  /** @param said what the command wrote to the terminal */
  async expectNothingSucceeded(out: string, said: string): Promise<void> {
    const names = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const reports = await Promise.all(
      names.map(async ({ parentPath, name }) => [name, await readFile(join(parentPath, name), 'utf8')] as const),
    );
    for (const [name, whole] of [...reports, ['what it said', said] as const]) this.#expectHarmless(name, whole);
    expect(this.watch.logs.includes(this.#secret), 'a container says the host’s secret').toBe(false);
    expect(this.watch.logs).not.toMatch(/reached-[^\s$]+-outside/);
    expect(this.#visitors).toEqual([]);
    expect(existsSync(this.target.trace)).toBe(false);
  }

  #expectHarmless(name: string, whole: string): void {
    // Lines of CSV end with CRLF (RFC 4180).
    const text = whole.replaceAll('\r\n', '\n');
    expect(text.includes(this.#secret), `${name} holds the host’s secret`).toBe(false);
    expect(text, name).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|reached-|\broot:[^:\s]*:\d+:/);
    expect(text, name).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    if (name.endsWith('.html') || name.endsWith('.md')) expect(text, name).not.toContain('<script>alert');
    if (name.endsWith('.csv')) expect(text, name).not.toMatch(/(^|[\n,]"?)[=+@-]\w/);
  }

  /** Everything on the engine that belongs to a stage of this home, everything in its folder, and what was told never to end. */
  async expectNothingLeft(): Promise<void> {
    expect(this.watch.projects.size).toBeGreaterThan(0);
    await until('nothing is left on the engine', 20_000, async () => {
      const left = await Promise.all([...this.watch.projects].map((project) => traces(this.docker, project)));
      return left.flat().length === 0;
    });
    expect(await readdir(join(this.lab.home, '.grading'))).toEqual([]);
    const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const commands = processes.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''));
    expect((await Promise.all(commands)).filter((command) => command.includes(neverEnds))).toEqual([]);
  }
}
