import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { message, Writers } from '../support/writers.ts';
import { container, docker, folder, lab, project } from './lab.ts';
import { row, type Row } from './row.ts';

const kills = 20;
/** Of writing before each kill, and again once writes are acknowledged after it. */
const writingMs = 500;

/** Kills the primary with SIGKILL while visitors write, again and again, and looks for every write that was acknowledged. */
export async function acknowledgedWrites(say: (text: string) => void): Promise<Row[]> {
  await lab('up', '--yes', '--no-verify', '--project', project);
  const primary = await container('db-primary');
  const text = `bench ${randomUUID()}`;
  const visitors = await writers(text);
  visitors.start();
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      await visitors.acknowledgedAgain();
      await pause(writingMs);
      await docker('kill', '--signal', 'KILL', primary);
      await docker('start', primary);
      say(`kill ${kill} of ${kills}: ${visitors.ids.length} writes acknowledged so far`);
    }
    await visitors.acknowledgedAgain();
  } finally {
    await visitors.stop();
  }
  const lost = await lostOn(['db-primary', 'db-replica'], text, visitors.ids);
  await lab('down', '--all', '--project', project);
  return [
    row(`writes acknowledged while the primary was killed ${kills} times (for comparison)`, '', Infinity, [
      visitors.ids.length,
    ]),
    row('acknowledged writes lost, on the primary and on the replica', '', 0, [lost]),
  ];
}

/** Writers to the site of the bench's project. */
export async function writers(body: string): Promise<Writers> {
  const { endpoints } = JSON.parse(await lab('status', '--project', project, '--json')) as {
    endpoints: { name: string; url: string }[];
  };
  const ca = await readFile(join(folder, 'pki', 'ca.pem'), 'utf8');
  return new Writers(message(endpoints.find(({ name }) => name === 'https')?.url ?? '', ca, body));
}

/** How many of these messages are missing, all those databases together, once they had half a minute to apply them. */
export async function lostOn(databases: readonly string[], text: string, ids: readonly number[]): Promise<number> {
  const lost = await Promise.all(databases.map((database) => missing(database, text, ids)));
  return lost.reduce((sum, count) => sum + count, 0);
}

async function missing(database: string, text: string, ids: readonly number[]): Promise<number> {
  const query = `SELECT id FROM foobar.messages WHERE body = '${text}'`;
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = new Set(
      (await lab('shell', database, '--project', project, '--', 'mysql', '-N', '-e', query)).split(/\s+/).map(Number),
    );
    const lost = ids.filter((id) => !found.has(id)).length;
    if (lost === 0 || Date.now() > deadline) return lost;
    await pause(500);
  }
}
