import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { lostOn, writers } from './acknowledged-writes.ts';
import { container, docker, lab, project } from './lab.ts';
import { row, type Row } from './row.ts';

const kills = 20;
const members = ['db1', 'db2', 'db3'];
/** Of writing before each kill. */
const writingMs = 1000;
const backDeadlineMs = 60_000;

/** Kills the primary of a group of databases under steady writes, again and again, and looks how long nobody takes writes. */
export async function lostPrimary(say: (text: string) => void): Promise<Row[]> {
  await lab('up', 'database-failover', '--yes', '--no-verify', '--project', project);
  const text = `bench ${randomUUID()}`;
  const visitors = await writers(text);
  const gaps: number[] = [];
  const memory: number[] = [];
  visitors.start();
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      await whole();
      await visitors.acknowledgedAgain();
      await pause(writingMs);
      memory.push(...(await memoryOf(members)));
      const [primary = ''] = await saying('primary');
      visitors.longestGap();
      await docker('kill', '--signal', 'KILL', await container(primary));
      await visitors.acknowledgedAgain();
      gaps.push(visitors.longestGap() / 1000);
      await docker('start', await container(primary));
      say(`kill ${kill} of ${kills}: ${primary}, ${gaps.at(-1)?.toFixed(1)} s without an acknowledged write`);
    }
    await whole();
  } finally {
    await visitors.stop();
  }
  const lost = await lostOn(members, text, visitors.ids);
  await lab('down', '--all', '--project', project);
  return [
    row(`seconds without an acknowledged write when the primary is killed, ${kills} times`, 's', 7, gaps),
    row('the longest of them', 's', 10, [Math.max(...gaps)]),
    row(`acknowledged writes lost on any member, of ${visitors.ids.length}`, '', 0, [lost]),
    row('memory of a member under writes', 'MiB', 250, memory),
    row('the most of them', 'MiB', 250, [Math.max(...memory)]),
  ];
}

/** Waits until all are members again. */
async function whole(): Promise<void> {
  const deadline = Date.now() + backDeadlineMs;
  for (;;) {
    const [those, [primary]] = await Promise.all([saying('member'), saying('primary')]);
    if (those.length === members.length && primary !== undefined) return;
    if (Date.now() > deadline) throw new Error(`only ${those.join(', ')} are in the group`);
    await pause(200);
  }
}

async function saying(what: string): Promise<string[]> {
  const said = await Promise.all(
    members.map(async (member) =>
      docker('exec', await container(member), 'test', '-e', `/run/group/${what}`).then(
        () => [member],
        () => [],
      ),
    ),
  );
  return said.flat();
}

/** In MiB, as `docker stats` tells it. */
async function memoryOf(services: readonly string[]): Promise<number[]> {
  const ids = await Promise.all(services.map(container));
  const told = await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', ...ids);
  return told.split('\n').map((line) => Number(/^([\d.]+)MiB/.exec(line)?.[1] ?? NaN));
}
