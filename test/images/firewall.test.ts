import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { client } from '../../src/engine/docker.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { ServicePlan, ZonePlan } from '../../src/plan/types.ts';
import { removeContainer } from '../../src/probe/remove-container.ts';
import { renderTemplate } from '../../src/project/render.ts';
import { imageFor } from '../support/images.ts';
import { runIn } from '../support/run-in.ts';
import { referenceLab, settingsWith } from '../unit/plan/settings.ts';
import { eventually, Hardened, scratch } from './hardened.ts';

// The data firewall of the reference lab, between a stand-in for web1 behind fw-app and one for db-primary.
const docker = client();
const name = `firewalltest${randomBytes(3).toString('hex')}`;
const block = `10.96.${randomBytes(1)[0] ?? 0}.0/24`;
const plan = makePlan(referenceLab, settingsWith({ block }));
const service = (wanted: string): ServicePlan => plan.services.find((one) => one.name === wanted) as ServicePlan;
const zone = (wanted: string): ZonePlan => plan.zones.find((one) => one.name === wanted) as ZonePlan;
const onCore = (wanted: string): string =>
  service(wanted).attachments.find((one) => one.zone === 'core')?.address ?? '';
const files = Object.fromEntries(
  service('fw-data').files.map(({ path, template, data }) => [
    path.split('/').at(-1) ?? '',
    renderTemplate(template, data),
  ]),
);
const web1 = service('web1').address;
const database = service('db-primary').address;

/** A firewall as a lab starts it: in two networks, with NET_ADMIN and forwarding. */
class Firewall extends Hardened {
  constructor(image: string, folder: string, sysctls: Record<string, string>) {
    super(image, 0, folder);
    this.hostConfig.CapAdd = ['NET_ADMIN'];
    this.hostConfig.Sysctls = sysctls;
    this.withNetworkMode(`${name}-core`);
    const endpoints = service('fw-data').attachments.map((one) => [
      `${name}-${one.zone}`,
      { IPAMConfig: { IPv4Address: one.address }, MacAddress: one.mac },
    ]);
    Object.assign(this.createOpts, { NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) } });
    this.withFiles('/etc/lab', files);
  }
}

class WithoutForwarding extends GenericContainer {
  constructor(own: string) {
    super(own);
    this.hostConfig.Sysctls = { 'net.ipv4.ip_forward': '0' };
  }
}

const ipv6On = { 'net.ipv6.conf.all.disable_ipv6': '0', 'net.ipv6.conf.default.disable_ipv6': '0' };
const networks: Docker.Network[] = [];
const standIns: Docker.Container[] = [];
let image: string;
let folder: string;
let remove: () => Promise<void>;
let firewall: StartedTestContainer;
let visitor: Docker.Container;

beforeAll(async () => {
  ({ folder, remove } = await scratch());
  image = await imageFor('firewall');
  const probe = await imageFor('probe');
  for (const one of ['core', 'data']) networks.push(await networkOf(zone(one)));
  firewall = await new Firewall(image, folder, { 'net.ipv4.ip_forward': '1', ...ipv6On }).start();
  await standIn(probe, 'data', database, 'ncat -lk 3306 & exec ncat -lk 9104');
  visitor = await standIn(
    probe,
    'core',
    onCore('fw-app'),
    `ip addr add ${web1}/32 dev eth0 && ip route add ${zone('data').subnet} via ${onCore('fw-data')} src ${web1} && exec sleep 600`,
  );
  await eventually(async () => (await reaches(3306)) === 'open');
});

afterAll(async () => {
  await firewall?.stop();
  await Promise.all(standIns.map(removeContainer));
  await Promise.all(networks.map((network) => network.remove()));
  await remove?.();
});

function networkOf({ name: own, subnet, gateway }: ZonePlan): Promise<Docker.Network> {
  const bridge = 'com.docker.network.bridge';
  return docker.createNetwork({
    Name: `${name}-${own}`,
    Driver: 'bridge',
    Options: {
      [`${bridge}.inhibit_ipv4`]: 'true',
      [`${bridge}.gateway_mode_ipv4`]: 'routed',
      [`${bridge}.enable_ip_masquerade`]: 'false',
    },
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
  });
}

async function standIn(probe: string, where: string, address: string, script: string): Promise<Docker.Container> {
  const network = `${name}-${where}`;
  const made = await docker.createContainer({
    Image: probe,
    User: '0:0',
    Entrypoint: ['sh', '-c', script],
    HostConfig: { NetworkMode: network, CapAdd: ['NET_ADMIN'], Init: true, Tmpfs: { '/tmp': '' } },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
  });
  standIns.push(made);
  await made.start();
  return made;
}

/** How a connection from web1 to db-primary ends, within a second. */
async function reaches(port: number, source = web1): Promise<'open' | 'closed' | 'silent'> {
  const { exitCode, stderr } = await runIn(visitor, ['ncat', '-z', '-w', '1', '-s', source, database, String(port)]);
  if (exitCode === 0) return 'open';
  return /refused|reset/i.test(stderr) ? 'closed' : 'silent';
}

async function packets(chain: string): Promise<number> {
  const { output } = await firewall.exec(['iptables', '-nvxL', chain]);
  return Number(/^\s*(\d+)\s+\d+\s+DROP/m.exec(output)?.[1]);
}

test('interfaces are called after their zones, the gateway address is up, and IPv6 is on', async () => {
  const { output } = await firewall.exec(['ip', '-o', 'addr']);
  expect(output).toMatch(new RegExp(`: core .*inet ${onCore('fw-data')}/`));
  expect(output).toMatch(new RegExp(`: data .*inet ${zone('data').gateway}/`));
  expect(output).toMatch(/: data .*inet6 fe80:/);
});

test('a flow passes, what is none is dropped, and so is a source that cannot be there', async () => {
  expect(await reaches(3306)).toBe('open');
  const denied = await packets('denied');
  expect(await reaches(9104)).toBe('silent');
  expect(await packets('denied')).toBeGreaterThan(denied);
  const forged = service('db-replica').address;
  await runIn(visitor, ['ip', 'addr', 'add', `${forged}/32`, 'dev', 'eth0']);
  const spoofed = await packets('spoofed');
  expect(await reaches(3306, forged)).toBe('silent');
  expect(await packets('spoofed')).toBeGreaterThan(spoofed);
});

test('killed and started again, it lets flows pass, and ends conversations that it has forgotten at once', async () => {
  const script = `exec 3<>/dev/tcp/${database}/3306; touch /tmp/open; until [ -e /tmp/go ]; do sleep 0.05; done
    echo late >&3; read -r -t 5 -u 3; echo "read $?"`;
  const talking = runIn(visitor, ['bash', '-c', script], { timeoutMs: 30_000 });
  await eventually(async () => (await runIn(visitor, ['test', '-e', '/tmp/open'])).exitCode === 0);
  const container = docker.getContainer(firewall.getId());
  await container.kill();
  await container.start();
  await eventually(async () => (await container.inspect()).State.Health?.Status === 'healthy', 20_000);
  expect(await reaches(3306)).toBe('open');
  await runIn(visitor, ['touch', '/tmp/go']);
  // More than 128 is bash's word for silence until the time is over.
  expect((await talking).stdout).toBe('read 1\n');
});

describe('its figures', () => {
  const figure = async (name: string): Promise<number> => {
    const { output } = await firewall.exec(['sh', '-c', 'cat /run/textfile/*.prom']);
    return Number(
      output
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  };
  const becomes = (name: string, value: number): Promise<unknown> =>
    eventually(async () => (await figure(name)) === value, 15_000);
  const counted = (rule: string, action: string, chain = 'FORWARD'): string =>
    `firewall_rule_packets_total{family="ipv4",table="filter",chain="${chain}",rule="${rule}",action="${action}"}`;

  test('count what passes by the name of its flow, and what is dropped by the reason', async () => {
    await becomes('firewall_rules_as_emitted{family="ipv4"}', 1);
    const [flow, denied] = [counted('flow:application-data', 'accept'), counted('denied', 'drop')];
    const [flowBefore, deniedBefore] = [await figure(flow), await figure(denied)];
    expect(await reaches(3306)).toBe('open');
    expect(await reaches(9104)).toBe('silent');
    await eventually(async () => (await figure(flow)) > flowBefore && (await figure(denied)) > deniedBefore);
  });

  test.each([
    [
      'a rule is inserted',
      'firewall_rules_as_emitted{family="ipv4"}',
      'iptables -I FORWARD -p udp -j ACCEPT',
      'iptables -D FORWARD 1',
    ],
    [
      'a rule stands in another table',
      'firewall_rules_as_emitted{family="ipv4"}',
      'iptables -t raw -A PREROUTING -p udp -j DROP',
      'iptables -t raw -F',
    ],
    [
      'an IPv6 rule is inserted',
      'firewall_rules_as_emitted{family="ipv6"}',
      'ip6tables -I INPUT -j ACCEPT',
      'ip6tables -D INPUT 1',
    ],
    [
      'a policy is to accept',
      'firewall_policy_drop{family="ipv4",chain="FORWARD"}',
      'iptables -P FORWARD ACCEPT',
      'iptables -P FORWARD DROP',
    ],
    [
      'an IPv6 policy is to accept',
      'firewall_policy_drop{family="ipv6",chain="INPUT"}',
      'ip6tables -P INPUT ACCEPT',
      'ip6tables -P INPUT DROP',
    ],
  ])('tell when %s, and when it is undone', async (_, name, breaking, mending) => {
    await becomes(name, 1);
    await firewall.exec(breaking.split(' '));
    await becomes(name, 0);
    await firewall.exec(mending.split(' '));
    await becomes(name, 1);
  });

  test('tell a port scan from a client that asks in vain again and again', async () => {
    const before = await figure('firewall_port_scans_total');
    const knock = (ports: string): Promise<unknown> =>
      runIn(visitor, [
        'bash',
        '-c',
        `for port in $(seq ${ports}); do ncat -z -w 1 -s ${web1} ${database} $port & done; wait`,
      ]);
    for (let turn = 0; turn < 2; turn += 1) await knock('4000 4001');
    expect(await figure('firewall_port_scans_total')).toBe(before);
    await knock('5000 5030');
    await eventually(async () => (await figure('firewall_port_scans_total')) > before);
  });

  test('tell that packets are passed on', async () => {
    await becomes('firewall_forwarding', 1);
  });
});

describe('it is not healthy', () => {
  test.each([
    ['rules are gone', ['iptables', '-F', 'FORWARD'], 'rules are loaded'],
    ['a default is to accept', ['iptables', '-P', 'INPUT', 'ACCEPT'], 'INPUT does not deny by default'],
    ['IPv6 is let through by default', ['ip6tables', '-P', 'FORWARD', 'ACCEPT'], 'FORWARD does not deny by default'],
    [
      'a gateway address is gone',
      ['ip', 'addr', 'del', `${zone('data').gateway}/${zone('data').prefix}`, 'dev', 'data'],
      'is not up on data',
    ],
  ])('when %s', async (_, breaking, said) => {
    expect((await firewall.exec(['healthy'])).exitCode).toBe(0);
    expect((await firewall.exec(breaking)).exitCode).toBe(0);
    expect(await firewall.exec(['healthy'])).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining(said) as string,
    });
    const container = docker.getContainer(firewall.getId());
    await container.restart();
    await eventually(async () => (await firewall.exec(['healthy'])).exitCode === 0);
  });

  test('when forwarding is off', async () => {
    const idle = await new WithoutForwarding(image)
      .withEntrypoint(['sleep', '60'])
      .withNetworkMode('none')
      .withWaitStrategy(Wait.forSuccessfulCommand('true'))
      .start();
    try {
      expect(await idle.exec(['sh', '-c', 'healthy'])).toMatchObject({ exitCode: 1, output: 'forwarding is off\n' });
    } finally {
      await idle.stop();
    }
  });
});
