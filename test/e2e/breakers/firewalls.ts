import { setTimeout as sleep } from 'node:timers/promises';
import { inhabitedZones } from '../../../src/checks/firewalls/flows.ts';
import type { Plan } from '../../../src/plan/types.ts';
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

/** What no fault does; one for every zone, as the checks are. */
export function firewallBreakers(plan: Plan): Breaker[] {
  return [
    ...inhabitedZones(plan).map(({ name, router }) =>
      rules(
        `firewalls.denies-from-${name}`,
        () => router ?? '',
        () => [['iptables', '-I', 'FORWARD', '-i', name, '-p', 'tcp', '-j', 'ACCEPT']],
      ),
    ),
    {
      check: 'firewalls.ipv6-absent',
      breakIt: (lab) => runBeside(lab, lastServer(lab), ipv6('on')),
      mend: (lab) => runBeside(lab, lastServer(lab), ipv6('off')),
    },
    outsideNames,
    rebuilt(
      'firewalls.publishes-on-loopback',
      (lab) => first(lab, 'prober'),
      (options) => {
        options.HostConfig.PortBindings = { '9115/tcp': [{ HostIp: '0.0.0.0', HostPort: '' }] };
        options.ExposedPorts = { '9115/tcp': {} };
      },
    ),
  ];
}
