import type { Plan, SharedAddressPlan } from '../../plan/types.ts';
import { answeringAt } from '../../plan/places.ts';
import { doorOf } from '../../plan/site.ts';
import { verdict, type Check, type CheckContext, type Observation } from '../check.ts';
import { lookAround } from '../hardening/look.ts';
import { everything } from '../schedule.ts';
import { listed } from '../services.ts';
import { holdersOf, readyOf } from './holders.ts';
import { longestWithoutBalancerMs, survivesLoss, type Loss } from './lost-balancer.ts';

/** What balancers that share an address promise: one of them holds it, and which one makes no difference. */
export function sharedAddressChecks(plan: Plan): Check[] {
  const [shared] = plan.sharedAddresses;
  if (shared === undefined) return [];
  const { name, address, among } = shared;
  const { project } = plan.settings;
  const all = listed(among);
  const common = { requirement: 'balancing' as const, timeoutMs: 30_000 };
  const each = (command: string): string =>
    `for b in ${among.join(' ')}; do ./lab shell $b --project ${project} -- ${command}; done`;
  return [
    {
      ...common,
      id: 'balancing.one-holder',
      title: 'One balancer holds the shared address',
      points: 2,
      expected: `${address} (${name}) on one of ${all}, as each kernel has it and as the neighbours hear it`,
      reproduce: each(`ip addr show to ${address}/32`),
      hint: 'Two that hold it do not hear each other: VRRP (IP protocol 112) is stopped on its way. None: HAProxy or keepalived is down on all of them.',
      retry: { deadlineMs: 4000 },
      run: (context) => oneHolder(context, shared),
    },
    {
      ...common,
      id: 'balancing.balancers-ready',
      title: 'Every balancer could take the address over',
      points: 2,
      expected: `${all}: HAProxy answers, and keepalived runs`,
      reproduce: each('cat /run/textfile/shared-address.prom'),
      hint: 'A partner that is gone is missed only when it is needed. keepalived has a supervisor of its own, /run/service/.keepalived.',
      retry: { deadlineMs: 4000 },
      run: (context) => allReady(context, shared),
    },
    {
      ...common,
      id: 'balancing.balancers-alike',
      title: 'Whichever balancer answers, visitors meet the same site',
      points: 2,
      expected: `the same certificate from each, and the same configuration of HAProxy on ${all}`,
      reproduce: each('sha256sum /etc/lab/haproxy.cfg'),
      hint: 'A balancer that was changed alone shows it after the next take-over, when nobody looks for it.',
      dependsOn: ['balancing.balancers-ready'],
      run: (context) => alike(context, shared),
    },
    ...lossChecks(plan),
  ];
}

/** What the loss of the balancer that visitors meet costs them; it can be asked of every lab with a balancer. */
export function lossChecks(plan: Plan): Check[] {
  const door = doorOf(plan);
  if (door === undefined || !plan.services.some(({ kind }) => kind === 'web')) return [];
  const shared = { ...door, among: answeringAt(plan, door.name) };
  const [first = ''] = shared.among;
  const { project } = plan.settings;
  return (['killed', 'hung'] as const).map((how) => ({
    requirement: 'balancing',
    id: `balancing.survives-${how}-balancer`,
    title: titles[how],
    points: 3,
    expected: `visitors every 100 ms are answered again within ${longestWithoutBalancerMs / 1000} s, and notice nothing when it comes back`,
    reproduce:
      how === 'killed'
        ? `docker kill ${project}-${first}-1`
        : `./lab shell ${first} --project ${project} -- s6-svc -p /run/service/haproxy`,
    hint: 'Silence of three `advert_int` and a bit makes the next one take over; then it must say so (gratuitous ARP), or the firewall goes on sending to the old one.',
    // A way that loses packets says nothing of balancers.
    dependsOn: [
      'balancing.site-answers',
      'balancing.one-holder',
      'balancing.balancers-ready',
      'firewalls.lose-nothing',
    ],
    disturbs: [everything],
    timeoutMs: 60_000,
    // One visitor of fifty that waited for longer than a second may be the machine's doing.
    retry: { deadlineMs: 100 },
    run: (context) => survivesLoss(context, shared, how),
  }));
}

const titles: Record<Loss, string> = {
  killed: 'A balancer that is killed costs visitors three seconds at most',
  hung: 'A balancer that hangs costs visitors three seconds at most',
};

async function oneHolder(context: CheckContext, shared: SharedAddressPlan): Promise<Observation> {
  const holders = await holdersOf(context, shared);
  return verdict(holders.length === 1, `${shared.address} on ${listed(holders) || 'nobody'}`);
}

async function allReady(context: CheckContext, shared: SharedAddressPlan): Promise<Observation> {
  const ready = await readyOf(context, shared);
  const lacking = shared.among.filter((name) => !ready.includes(name));
  return verdict(
    lacking.length === 0,
    lacking.length === 0 ? `${listed(ready)} ready` : `${listed(lacking)} could not`,
  );
}

async function alike(context: CheckContext, { among, zone }: SharedAddressPlan): Promise<Observation> {
  const { domain } = context.plan.lab.site;
  const ca = await context.ca();
  const seen = await Promise.all(
    among.map(async (name) => {
      const { address } = context.service(name);
      const request = { address, port: 443, servername: domain, ca };
      const [handshake, look] = await Promise.all([
        context.vantages.from({ zone }).tls(request),
        lookAround(context, name),
      ]);
      return {
        name,
        certificate: handshake.ok ? handshake.certificate.fingerprint256 : `none (${handshake.error.code})`,
        configuration: look?.configuration.get('haproxy.cfg') ?? 'none',
      };
    }),
  );
  const differ = (['certificate', 'configuration'] as const).filter(
    (what) => new Set(seen.map((one) => one[what])).size > 1 || seen.some((one) => one[what].startsWith('none')),
  );
  const short = (text: string): string => text.replaceAll(':', '').slice(0, 12).toLowerCase();
  return verdict(
    differ.length === 0,
    differ.length === 0
      ? `certificate ${short(seen[0]?.certificate ?? '')} and configuration ${short(seen[0]?.configuration ?? '')} on ${listed(among)}`
      : differ.map((what) => `${what}: ${seen.map((one) => `${one.name} ${short(one[what])}`).join(', ')}`).join('; '),
  );
}
