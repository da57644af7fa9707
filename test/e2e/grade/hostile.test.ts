import { createServer, type Server } from 'node:net';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type Docker from 'dockerode';
import { connect } from '../../../src/engine/docker.ts';
import { loadExercise } from '../../../src/grade/exercise/load.ts';
import type { ClassResult, GradeResult } from '../../../src/grade/result.ts';
import { differs, neverEnds, type Hostile, type Target } from '../../hostile/hostile.ts';
import { hostileBalancers } from '../../hostile/balancer.ts';
import { hostileFiles } from '../../hostile/intake.ts';
import { hostileScripts } from '../../hostile/firewall.ts';
import { LabCommand, traces, until } from '../../support/lab.ts';
import { Watch } from '../../hostile/watch.ts';
import { knownOf, writeTree } from '../../support/submissions.ts';

let docker: Docker;
let lab: LabCommand;
let work: string;
let listener: Server;
let target: Target;
let watch: Watch;
const visitors: string[] = [];
const secret = `canary-${randomBytes(16).toString('hex')}`;

beforeAll(async () => {
  docker = await connect();
  lab = await LabCommand.create();
  work = await mkdtemp(join(tmpdir(), 'lab-hostile-'));
  await writeFile(join(work, 'secret'), secret, { mode: 0o644 });
  listener = createServer((socket) => {
    visitors.push(`${socket.remoteAddress}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '::', resolve));
  const address = listener.address();
  const hosts = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map((found) => found.address);
  watch = await Watch.over(docker, lab.home);
  target = {
    secret: join(work, 'secret'),
    trace: join(work, 'trace'),
    hosts: hosts.slice(0, 8),
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
  };
});
afterAll(async () => {
  watch.close();
  listener.close();
  await rm(work, { recursive: true, force: true });
  await rm(lab.home, { recursive: true, force: true });
});

/** Scripts that use a machine up slow it down for everything; they have a run of their own. */
const scripts = process.env['LAB_E2E_HOSTILE_SCRIPTS'] === '1';

describe.each<[string, readonly Hostile[]]>([
  ['tls-termination', [...hostileFiles, ...hostileBalancers]],
  ...(scripts ? [['server-firewall', hostileScripts] as [string, readonly Hostile[]]] : []),
])('a class of %s in which every other submission is hostile', (exercise, hostile) => {
  test('harms nobody', async () => {
    const [solution] = await knownOf(exercise);
    const [into, out] = [join(work, exercise), join(work, `${exercise}-out`)];
    await mkdir(into);
    const paths: string[] = [];
    for (const one of hostile) {
      paths.push(await one.write(join(into, one.name), target));
      if ('refused' in one.outcome) continue;
      const neighbour = join(into, `beside-${one.name}`);
      await writeTree(neighbour, solution?.files ?? new Map());
      paths.push(neighbour);
    }
    const run = await lab.run('grade', ...paths, '-e', exercise, '--out', out, '--jobs', '2', '--json');
    expect(run.exitCode, run.stderr.slice(-4000)).toBe(1);
    const { results } = JSON.parse(run.stdout) as ClassResult;
    const by = new Map(results.map((result) => [result.student, result]));
    expect(by.size).toBe(paths.length);

    const wrong = hostile.flatMap((one) => {
      const [own, beside] = [by.get(one.name), by.get(`beside-${one.name}`)];
      if (own === undefined) return [`${one.name}: no result`];
      return [
        ...whatIsWrong(differs(one, own), own),
        ...(beside === undefined ? [] : whatIsWrong(notPerfect(beside), beside)),
      ];
    });
    expect(wrong).toEqual([]);

    const { limits } = await loadExercise(exercise);
    // The engine's own time for making and removing comes on top of what a submission has.
    expect(results.filter(({ durationMs }) => durationMs > (limits.seconds + 10) * 1000)).toEqual([]);
    await expectNothingSucceeded(out, run.stderr);
    const silent = hostile.filter(({ says }) => says !== undefined && !watch.logs.includes(says));
    expect(silent.map(({ name }) => `${name} has not run`)).toEqual([]);
    await expectNothingLeft();
  }, 400_000);
});

/** The neighbours of hostile submissions are right, and nothing that those do may cost them a point. */
function notPerfect({ summary, outcome }: GradeResult): string | undefined {
  return summary.percent === 100 ? undefined : `${outcome} ${summary.percent} %, not 100 %`;
}

function whatIsWrong(difference: string | undefined, { student, checks, refusals }: GradeResult): string[] {
  if (difference === undefined) return [];
  const open = checks.filter(({ status }) => status === 'failed' || status === 'not-measured');
  const seen = [...refusals.map(({ message }) => message), ...open.map(({ id, observed }) => `${id}: ${observed}`)];
  return [`${student}: ${difference}; ${seen.join('; ').slice(0, 400)}`];
}

async function expectNothingSucceeded(out: string, said: string): Promise<void> {
  const names = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const reports = await Promise.all(
    names.map(async ({ parentPath, name }) => [name, await readFile(join(parentPath, name), 'utf8')] as const),
  );
  for (const [name, whole] of [...reports, ['what it said', said] as const]) {
    // Lines of CSV end with CRLF (RFC 4180).
    const text = whole.replaceAll('\r\n', '\n');
    expect(text.includes(secret), `${name} holds the host’s secret`).toBe(false);
    expect(text, name).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|reached-|root:[^:]*:\d+/);
    expect(text, name).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    if (name.endsWith('.html') || name.endsWith('.md')) expect(text, name).not.toContain('<script>alert');
    if (name.endsWith('.csv')) expect(text, name).not.toMatch(/(^|[\n,]"?)[=+@-]\w/);
  }
  expect(watch.logs.includes(secret), 'a container says the host’s secret').toBe(false);
  expect(watch.logs).not.toMatch(/reached-[a-z]+-outside/);
  expect(visitors).toEqual([]);
  expect(existsSync(target.trace)).toBe(false);
}

/** Everything on the engine that belongs to a stage of this home, everything in its folder, and what was told never to end. */
async function expectNothingLeft(): Promise<void> {
  expect(watch.projects.size).toBeGreaterThan(0);
  await until('nothing is left on the engine', 20_000, async () => {
    const left = await Promise.all([...watch.projects].map((project) => traces(docker, project)));
    return left.flat().length === 0;
  });
  expect(await readdir(join(lab.home, '.grading'))).toEqual([]);
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = processes.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''));
  expect((await Promise.all(commands)).filter((command) => command.includes(neverEnds))).toEqual([]);
}
