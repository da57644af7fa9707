import { setTimeout as sleep } from 'node:timers/promises';
import { inhabitedZones, spareAddress, targetOf } from '../../../src/checks/firewalls/flows.ts';
import type { Plan, ZonePlan } from '../../../src/plan/types.ts';
import { besideService, runBeside } from './helper.ts';
import { first, lastServer } from './inside.ts';
import { rebuilt } from './rebuilt.ts';
import type { Breaker, LabUnderTest } from './types.ts';

type Command = readonly [tool: 'iptables' | 'ip6tables', ...argv: string[]];

/** Changes running rules of one firewall; mending loads its own again. */
function rules(
  check: string,
  firewall: (lab: LabUnderTest) => string,
  commands: (lab: LabUnderTest) => readonly Command[],
): Breaker {
  return {
    check,
    breakIt: async (lab) => {
      for (const command of commands(lab)) await run(lab, firewall(lab), command);
    },
    mend: (lab) =>
      run(lab, firewall(lab), [
        'sh',
        '-c',
        'iptables-restore </etc/lab/rules.v4 && ip6tables-restore </etc/lab/rules.v6',
      ]),
  };
}

async function run(lab: LabUnderTest, service: string, argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await lab.exec(service, argv);
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} on ${service}: ${stderr}`);
}

function edge({ plan }: { plan: Plan }): ZonePlan {
  const zone = plan.zones.find(({ host }) => host !== undefined);
  if (zone === undefined) throw new Error('no edge');
  return zone;
}

/** An inner zone, with a firewall that is not the edge's where there is one. */
function inner({ plan }: { plan: Plan }): ZonePlan {
  const zones = inhabitedZones(plan).filter(({ host }) => host === undefined);
  const zone = zones.find(({ router }) => router !== edge({ plan }).router) ?? zones[0];
  if (zone === undefined) throw new Error('no inner zone');
  return zone;
}

const edgeRouter = (lab: LabUnderTest): string => edge(lab).router;
const innerRouter = (lab: LabUnderTest): string => inner(lab).router;

/** The last flow of the policy, at the firewall of the zone it leads to. */
function lastFlow({ plan }: LabUnderTest): { router: string; address: string; port: string } {
  const flow = plan.policy.at(-1);
  if (flow === undefined) throw new Error('no flow');
  const { address, port } = targetOf(plan, flow.to);
  const zone = plan.services.find(({ name }) => name === flow.to.service)?.zone;
  return { router: plan.zones.find(({ name }) => name === zone)?.router ?? '', address, port: String(port) };
}

/** Answers every question for a name with an address that is nobody's (RFC 5737). */
const falseResolver = `
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (query, from) => {
  const answer = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1]);
  const end = query.indexOf(0, 12) + 5;
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  socket.send(Buffer.concat([head, answer]), from.port, from.address);
});
socket.bind(53, '127.0.0.1');
setTimeout(() => process.exit(), 120000);
`;

const resolvers = new Map<string, { remove(): Promise<void> }>();

const outsideNames: Breaker = {
  check: 'firewalls.no-outside-names',
  breakIt: async (lab) => {
    const service = lastServer(lab);
    resolvers.set(lab.project, await besideService(lab, service, ['node', '-e', falseResolver]));
    await until(async () => (await lab.exec(service, ['getent', 'ahostsv4', 'breaker.example.com'])).exitCode === 0);
  },
  mend: async (lab) => {
    await resolvers.get(lab.project)?.remove();
    resolvers.delete(lab.project);
  },
};

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('not broken within 15 s');
    await sleep(100);
  }
}

const ipv6 = (state: 'on' | 'off'): readonly string[] => [
  'sh',
  '-c',
  `echo ${state === 'on' ? 0 : 1} > /proc/sys/net/ipv6/conf/eth0/disable_ipv6`,
];

/** One for every zone, as the checks are. */
export function firewallBreakers(plan: Plan): Breaker[] {
  return [
    rules(
      'firewalls.allows-flows',
      (lab) => lastFlow(lab).router,
      (lab) => [
        [
          'iptables',
          '-I',
          'FORWARD',
          '-d',
          lastFlow(lab).address,
          '-p',
          'tcp',
          '--dport',
          lastFlow(lab).port,
          '-j',
          'DROP',
        ],
      ],
    ),
    ...inhabitedZones(plan).map(({ name, router }) =>
      rules(
        `firewalls.denies-from-${name}`,
        () => router,
        () => [['iptables', '-I', 'FORWARD', '-i', name, '-p', 'tcp', '-j', 'ACCEPT']],
      ),
    ),
    rules('firewalls.denies-from-firewalls', innerRouter, (lab) => [
      [
        'iptables',
        '-I',
        'FORWARD',
        '-i',
        'core',
        '-s',
        targetOf(lab.plan, { service: edgeRouter(lab), port: 0 }).address,
        '-j',
        'ACCEPT',
      ],
    ]),
    rules('firewalls.denies-by-default', innerRouter, () => [['ip6tables', '-P', 'FORWARD', 'ACCEPT']]),
    rules('firewalls.offer-nothing', innerRouter, (lab) => [
      ['iptables', '-I', 'INPUT', '-i', inner(lab).name, '-p', 'tcp', '--dport', '9100', '-j', 'ACCEPT'],
    ]),
    rules('firewalls.drops-spoofed', innerRouter, (lab) => [
      ['iptables', '-I', `from-${inner(lab).name}`, '-j', 'RETURN'],
    ]),
    rules('firewalls.drops-invalid', innerRouter, () => [
      [
        'iptables',
        '-I',
        'FORWARD',
        '-p',
        'tcp',
        '!',
        '--syn',
        '-m',
        'conntrack',
        '--ctstate',
        'INVALID,NEW',
        '-j',
        'ACCEPT',
      ],
    ]),
    rules('firewalls.limits-flood', edgeRouter, (lab) => [
      [
        'iptables',
        '-I',
        'FORWARD',
        '-i',
        edge(lab).name,
        '-s',
        spareAddress(lab.plan, edge(lab), 'flood'),
        '-j',
        'denied',
      ],
    ]),
    rules('firewalls.ipv6-closed', innerRouter, () => [
      ['ip6tables', '-I', 'INPUT', '-j', 'ACCEPT'],
      ['ip6tables', '-I', 'OUTPUT', '-j', 'ACCEPT'],
    ]),
    {
      check: 'firewalls.ipv6-absent',
      breakIt: (lab) => runBeside(lab, lastServer(lab), ipv6('on')),
      mend: (lab) => runBeside(lab, lastServer(lab), ipv6('off')),
    },
    // The firewall itself answers in the name of the outside: not one packet goes there.
    rules('firewalls.no-way-out', innerRouter, () => [
      ['iptables', '-I', 'FORWARD', '-d', '198.51.100.1', '-p', 'tcp', '-j', 'REJECT', '--reject-with', 'tcp-reset'],
    ]),
    outsideNames,
    rebuilt(
      'firewalls.publishes-on-loopback',
      (lab) => first(lab, 'prober'),
      (options) => {
        options.HostConfig.PortBindings = { '9115/tcp': [{ HostIp: '0.0.0.0', HostPort: '' }] };
        options.ExposedPorts = { '9115/tcp': {} };
      },
    ),
    rules('firewalls.closes-operators-pages', edgeRouter, (lab) => [
      ['iptables', '-I', 'FORWARD', '-i', edge(lab).name, '-p', 'tcp', '-d', operatorsPage(lab), '-j', 'ACCEPT'],
    ]),
  ];
}

function operatorsPage({ plan }: LabUnderTest): string {
  const flow = plan.policy.find(({ from }) => from.kind === 'host');
  if (flow === undefined) throw new Error('no operators’ page');
  return targetOf(plan, flow.to).address;
}
