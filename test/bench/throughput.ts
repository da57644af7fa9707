import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../src/plan/types.ts';
import { secretFiles } from '../../src/project/compose.ts';
import { docker, folder, home, lab, project } from './lab.ts';
import type { Row } from './row.ts';
import { median, repeated, row } from './row.ts';

const flat = 'lab-bench-flat';
const flatFolder = join(home, flat);
const path = '/static/about.html';
const measured = '8s';

/**
 * A static page over HTTPS: from the edge through both firewalls, and from a neighbour of the same HAProxy and Nginx on
 * one network. The lab runs during both arms, so that both share the processors with its monitoring; arms alternate.
 */
export async function throughput(rounds: number, say: (text: string) => void): Promise<Row[]> {
  say('throughput');
  await lab('up', '--yes', '--no-verify', '--project', project);
  const plan = await planOf(folder);
  try {
    const flatPlan = await flatUp();
    const edge = plan.zones.find(({ name }) => name === 'edge');
    const behind = { network: edge?.network ?? '', address: edge?.gateway ?? '' };
    const beside = { network: flat, address: addressOf(flatPlan, 'balancer') };
    await requestsPerSecond(plan, behind);
    await requestsPerSecond(plan, beside);
    const arms = await repeated(rounds * 2, async (round) => {
      const order = round % 2 === 0 ? [behind, beside] : [beside, behind];
      const seen = new Map<object, number>();
      for (const arm of order) seen.set(arm, await requestsPerSecond(plan, arm));
      return { behind: seen.get(behind) ?? 0, beside: seen.get(beside) ?? 0 };
    });
    const bare = arms.map((arm) => arm.beside);
    return [
      row('HTTPS requests a second, one flat network (for comparison)', '/s', Infinity, bare),
      row(
        'HTTPS requests a second through the firewalls (requests)',
        '/s',
        Infinity,
        arms.map((arm) => arm.behind),
      ),
      row(
        '… as a share of the flat network',
        '×',
        0.8,
        arms.map((arm) => arm.behind / median(bare)),
        true,
      ),
    ];
  } finally {
    await docker(
      'compose',
      '-p',
      flat,
      '-f',
      join(flatFolder, 'flat.json'),
      'down',
      '--volumes',
      '--timeout',
      '1',
    ).catch(() => '');
    await rm(flatFolder, { recursive: true, force: true });
    await lab('down', '--all', '--project', project);
  }
}

/** The balancer and the servers with the same images and configuration, as neighbours. */
async function flatUp(): Promise<Plan> {
  await lab('generate', '--out', flatFolder, '--project', flat, '--seed', '900');
  const plan = await planOf(flatFolder);
  const services = plan.services.filter(({ kind }) => kind === 'balancer' || kind === 'web');
  const compose = {
    services: Object.fromEntries(
      services.map((service) => [
        service.name,
        {
          image: service.image,
          hostname: service.name,
          user: `${service.uid}:${service.uid}`,
          tmpfs: service.compose['tmpfs'],
          volumes: [
            `./config/${service.name}:/etc/lab:ro`,
            './pki:/etc/ssl/lab:ro',
            ...secretMounts(plan, service.name),
          ],
          networks: { flat: { ipv4_address: service.address } },
        },
      ]),
    ),
    networks: {
      flat: {
        name: flat,
        ipam: { config: [{ subnet: plan.settings.block, ip_range: plan.zones.at(-1)?.probeRange }] },
      },
    },
  };
  await writeFile(join(flatFolder, 'flat.json'), JSON.stringify(compose));
  await docker('compose', '-p', flat, '-f', join(flatFolder, 'flat.json'), 'up', '-d', '--wait');
  return plan;
}

/** One by one: the folder is open to its owner alone, each file to the service that reads it. */
function secretMounts(plan: Plan, service: string): string[] {
  const files = secretFiles(plan).filter((file) => file.service === service);
  return files.map(({ name }) => `./secrets/${service}/${name}:/run/secrets/${name}:ro`);
}

async function requestsPerSecond(
  plan: Plan,
  { network, address }: { network: string; address: string },
): Promise<number> {
  const name = plan.lab.site.domain;
  const client = [
    'run',
    '--rm',
    '--network',
    network,
    '--add-host',
    `${name}:${address}`,
    '--entrypoint',
    'wrk',
    plan.settings.images['probe'] ?? '',
  ];
  const report = await docker(...client, '-t', '2', '-c', '16', '-d', measured, `https://${name}:443${path}`);
  const [, figure] = /Requests\/sec:\s+([\d.]+)/.exec(report) ?? [];
  if (figure === undefined || /Non-2xx|Socket errors/.test(report))
    throw new Error(`wrk measured something else:\n${report}`);
  return Number(figure);
}

function addressOf(plan: Plan, service: string): string {
  return plan.services.find(({ name }) => name === service)?.address ?? '';
}

async function planOf(from: string): Promise<Plan> {
  return JSON.parse(await readFile(join(from, 'plan.json'), 'utf8')) as Plan;
}
