import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { http, type HttpRequest } from '../../src/probe/operations/http.ts';
import { docker, folder, lab, project } from './lab.ts';
import { row, type Row } from './row.ts';

const kills = 20;
const writers = 3;
/** Of writing before each kill, and again once writes are acknowledged after it. */
const writingMs = 500;

/** Kills the primary with SIGKILL while visitors write, again and again, and looks for every write that was acknowledged. */
export async function acknowledgedWrites(say: (text: string) => void): Promise<Row[]> {
  await lab('up', '--yes', '--no-verify', '--project', project);
  const primary = (
    await docker(
      'ps',
      '-q',
      '--filter',
      `label=com.docker.compose.project=${project}`,
      '--filter',
      'label=com.docker.compose.service=db-primary',
    )
  ).trim();
  const text = `bench ${randomUUID()}`;
  const visitors = new Writers(await siteRequest(text));
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
  const lost = await Promise.all(['db-primary', 'db-replica'].map((database) => missing(database, text, visitors.ids)));
  await lab('down', '--all', '--project', project);
  return [
    row(`writes acknowledged while the primary was killed ${kills} times (for comparison)`, '', Infinity, [
      visitors.ids.length,
    ]),
    row('acknowledged writes lost, on the primary and on the replica', '', 0, [
      lost.reduce((sum, count) => sum + count, 0),
    ]),
  ];
}

async function siteRequest(body: string): Promise<HttpRequest> {
  const { endpoints } = JSON.parse(await lab('status', '--project', project, '--json')) as {
    endpoints: { name: string; url: string }[];
  };
  const url = new URL(endpoints.find(({ name }) => name === 'https')?.url ?? '');
  return {
    address: '127.0.0.1',
    port: Number(url.port || 443),
    host: url.hostname,
    tls: { ca: await readFile(join(folder, 'pki', 'ca.pem'), 'utf8') },
    method: 'POST',
    path: '/api/messages',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ body }),
    timeoutMs: 10_000,
  };
}

class Writers {
  readonly ids: number[] = [];
  readonly #request: HttpRequest;
  #going = true;
  #work: Promise<unknown> = Promise.resolve();

  constructor(request: HttpRequest) {
    this.#request = request;
  }

  start(): void {
    this.#work = Promise.all(Array.from({ length: writers }, () => this.#write()));
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#work;
  }

  /** Waits until some more writes were acknowledged: the primary takes them again. */
  async acknowledgedAgain(): Promise<void> {
    const enough = this.ids.length + 2 * writers;
    const deadline = Date.now() + 60_000;
    while (this.ids.length < enough) {
      if (Date.now() > deadline) throw new Error('no write was acknowledged within a minute');
      await pause(50);
    }
  }

  async #write(): Promise<void> {
    while (this.#going) {
      const answer = await http(this.#request);
      if (answer.ok && answer.status === 201) this.ids.push((JSON.parse(answer.body) as { id: number }).id);
      else await pause(100);
    }
  }
}

async function missing(database: string, text: string, ids: readonly number[]): Promise<number> {
  const query = `SELECT id FROM foobar.messages WHERE body = '${text}'`;
  const deadline = Date.now() + 30_000;
  // The replica may have some still to apply.
  for (;;) {
    const found = new Set(
      (await lab('shell', database, '--project', project, '--', 'mysql', '-N', '-e', query)).split(/\s+/).map(Number),
    );
    const lost = ids.filter((id) => !found.has(id)).length;
    if (lost === 0 || Date.now() > deadline) return lost;
    await pause(500);
  }
}
