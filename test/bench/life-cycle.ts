import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { composeDown, composeUp, docker, folder, lab, project, root } from './lab.ts';
import type { Row } from './row.ts';
import { median, repeated, row, seconds } from './row.ts';

const settleMs = 20_000;

/** `lab up` against the same project by Compose alone, and against the same parts put together the common way. */
export async function lifeCycle(rounds: number, say: (text: string) => void): Promise<Row[]> {
  const arm = {
    up: [] as number[],
    compose: [] as number[],
    common: [] as number[],
    again: [] as number[],
    verify: [] as number[],
    down: [] as number[],
    memory: [] as number[],
  };
  say('images');
  await lab('up', '--yes', '--no-verify', '--project', project);
  const images = await imagesOf();
  await composeDown();
  await repeated(rounds, async (round) => {
    say(`round ${round + 1} of ${rounds}: compose alone`);
    arm.compose.push(await seconds(composeUp));
    await composeDown();
    say(`round ${round + 1} of ${rounds}: lab up, verified`);
    arm.up.push(await seconds(() => lab('up', '--yes', '--project', project)));
    arm.again.push(await seconds(() => lab('up', '--project', project)));
    arm.verify.push(...(await repeated(3, () => seconds(() => lab('verify', '--project', project)))));
    await pause(settleMs);
    arm.memory.push(await memoryGiB());
    arm.down.push(await seconds(() => lab('down', '--project', project)));
    await composeDown();
  });
  say('the common way');
  for (let round = 0; round < Math.min(rounds, 2); round++) arm.common.push(await commonUp(images));
  await lab('down', '--all', '--project', project);
  const composeSeconds = median(arm.compose);
  const commonSeconds = median(arm.common);
  return [
    row('compose up -d --wait, same project (for comparison)', 's', Infinity, arm.compose),
    row('the same parts, the common way (for comparison)', 's', Infinity, arm.common),
    row('lab up, verified (seconds)', 's', Infinity, arm.up),
    row(
      'lab up, verified / compose up -d --wait',
      '×',
      1.25,
      arm.up.map((value) => value / composeSeconds),
    ),
    row(
      'lab up, verified / the common way',
      '×',
      0.5,
      arm.up.map((value) => value / commonSeconds),
    ),
    row('lab verify, full set with the policy matrix', 's', 8, arm.verify),
    row('lab up again, nothing to change', 's', 2, arm.again),
    row('lab down', 's', 4, arm.down),
    row('memory of the whole lab, at rest', 'GiB', 1.2, arm.memory),
  ];
}

async function imagesOf(): Promise<Record<string, string>> {
  const { services } = JSON.parse(await lab('status', '--project', project, '--json')) as {
    services: { name: string; image: string }[];
  };
  const image = (name: string): string => services.find((service) => service.name === name)?.image ?? '';
  return {
    BENCH_WEB: image('web1'),
    BENCH_DATABASE: image('db-primary'),
    BENCH_BALANCER: image('balancer'),
    BENCH_PROMETHEUS: image('prometheus'),
    BENCH_ALERTMANAGER: image('alertmanager'),
    BENCH_INBOX: image('inbox'),
    BENCH_PROBER: image('prober'),
    BENCH_PROJECT: folder,
  };
}

async function commonUp(env: Record<string, string>): Promise<number> {
  const here = dirname(fileURLToPath(import.meta.url));
  const file = join(here.endsWith('dist') ? join(root, 'test', 'bench') : here, 'common', 'compose.yml');
  const compose = (...args: string[]): Promise<unknown> => execa('docker', ['compose', '-f', file, ...args], { env });
  try {
    return await seconds(() => compose('up', '-d', '--wait'));
  } finally {
    await compose('down', '--volumes', '--timeout', '2');
  }
}

/** As `docker stats` counts it: what the containers hold, without the page cache they could give back. */
async function memoryGiB(): Promise<number> {
  const names = (
    await docker('ps', '--format', '{{.Names}}', '--filter', `label=com.docker.compose.project=${project}`)
  ).split('\n');
  const lines = (await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', ...names)).split('\n');
  return lines.reduce((sum, line) => sum + parseSize(line.split(' / ')[0] ?? ''), 0) / 2 ** 30;
}

function parseSize(text: string): number {
  const [, value = '0', unit = 'B'] = /^([\d.]+)([KMG]i)?B$/.exec(text.trim()) ?? [];
  return Number(value) * ({ B: 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }[unit] ?? 1);
}
