import type { AllowedFlow } from '../lab/policy.ts';
import type { AttachmentPlan, EndpointPlan, ZonePlan } from './types.ts';

/** One iptables rule: the chain it is appended to, what it matches, what then happens, and why. */
export interface Rule {
  chain: string;
  match: string;
  target: string;
  comment: string;
}

/** What the rules of a firewall are made from. */
export interface RuleInput {
  firewall: string;
  zones: readonly ZonePlan[];
  /** Attachments by service, firewalls included. */
  attachments: ReadonlyMap<string, readonly AttachmentPlan[]>;
  policy: readonly AllowedFlow[];
  endpoints: readonly Pick<EndpointPlan, 'name' | 'service' | 'port'>[];
  limits: { newConnectionsPerSecond: number; burst: number };
}

export interface FirewallRules {
  /** User-defined chains of the filter table. */
  chains: readonly string[];
  filter: readonly Rule[];
  nat: readonly Rule[];
}

/** The iptables rules of one firewall, from the policy: what is not a flow is denied. */
export function firewallRules(input: RuleInput): FirewallRules {
  const { firewall } = input;
  const edge = input.zones.find((zone) => zone.name === 'edge' && zone.router === firewall);
  const interfaces = (input.attachments.get(firewall) ?? []).map((attachment) => attachment.zone);
  const spoofing = interfaces.map((zone) => antiSpoofing(input, zone)).flat();
  const guard = (chain: string): Rule[] => [
    ...interfaces.flatMap((zone) => conversations(input, chain, zone)),
    rule(chain, '-m conntrack --ctstate INVALID', 'invalid', 'packets that belong to no conversation'),
    ...interfaces.map((zone) => rule(chain, `-i ${zone}`, `from-${zone}`, `source addresses of ${zone}`)),
    rule(chain, '-p tcp ! --syn -m conntrack --ctstate NEW', 'stray', 'a connection starts with SYN'),
    ...(edge === undefined ? [] : [rate(chain, input)]),
  ];
  return {
    chains: [...interfaces.map((zone) => `from-${zone}`), 'invalid', 'stray', 'spoofed', 'flood', 'denied'],
    filter: [
      ...spoofing,
      rule('INPUT', '-i lo', 'ACCEPT', 'itself'),
      ...guard('INPUT'),
      ...acceptances(input, 'INPUT'),
      rule('INPUT', '', 'denied', 'no flow allows it'),
      ...guard('FORWARD'),
      ...acceptances(input, 'FORWARD'),
      rule('FORWARD', '', 'denied', 'no flow allows it'),
      ...strays(),
      ...(['invalid', 'spoofed', 'flood', 'denied'] as const).flatMap((chain) => [log(chain), drop(chain)]),
    ],
    nat: edge === undefined ? [] : input.endpoints.map((endpoint) => publish(input, edge, endpoint)),
  };
}

function rule(chain: string, match: string, target: string, comment: string): Rule {
  return { chain, match, target, comment };
}

/**
 * Nearly every packet belongs to a conversation that was let in: it passes here first of all, if its source can live behind
 * the interface that it came in by.
 */
function conversations(input: RuleInput, chain: string, zone: string): Rule[] {
  return zonesBehind(input, zone).map((other) =>
    rule(
      chain,
      `-i ${zone} -s ${other.subnet} -m conntrack --ctstate ESTABLISHED,RELATED`,
      'ACCEPT',
      `conversations that were let in, from ${other.name}`,
    ),
  );
}

function zonesBehind(input: RuleInput, zone: string): ZonePlan[] {
  return input.zones.filter((other) =>
    zone === 'core' ? other.name === 'core' || other.router !== input.firewall : other.name === zone,
  );
}

/** What came in by `zone` must have a source address that lives behind that interface. */
function antiSpoofing(input: RuleInput, zone: string): Rule[] {
  const chain = `from-${zone}`;
  return [
    ...zonesBehind(input, zone).map((other) =>
      rule(chain, `-s ${other.subnet}`, 'RETURN', `${other.name} is behind it`),
    ),
    rule(chain, '', 'spoofed', `no such source behind ${zone}`),
  ];
}

function rate(chain: string, { limits }: RuleInput): Rule {
  const limit = [
    `--hashlimit-above ${limits.newConnectionsPerSecond}/second`,
    `--hashlimit-burst ${limits.burst}`,
    '--hashlimit-mode srcip',
    `--hashlimit-name edge-${chain.toLowerCase()}`,
  ].join(' ');
  return rule(chain, `-i edge -p tcp --syn -m hashlimit ${limit}`, 'flood', 'new connections of one visitor');
}

/**
 * A firewall that was started again has forgotten the conversations under way. Servers hear of it at once, and open new ones,
 * rather than wait for an answer; visitors hear nothing, as a reset would tell them where a firewall stands.
 */
function strays(): Rule[] {
  return [
    log('stray'),
    rule('stray', '-i edge', 'DROP', 'visitors are told nothing'),
    rule('stray', '-p tcp', 'REJECT --reject-with tcp-reset', 'no such conversation here'),
    drop('stray'),
  ];
}

/** The log is limited, the counters are not: they stand on the drop. */
function log(chain: string): Rule {
  const target = `NFLOG --nflog-group 1 --nflog-prefix "${chain} "`;
  return rule(chain, '-m limit --limit 10/second --limit-burst 20', target, `log ${chain}`);
}

function drop(chain: string): Rule {
  return rule(chain, '', 'DROP', `drop ${chain}`);
}

function publish(input: RuleInput, edge: ZonePlan, endpoint: Pick<EndpointPlan, 'name' | 'service' | 'port'>): Rule {
  const to = serviceAddress(input, endpoint.service);
  return rule(
    'PREROUTING',
    `-d ${edge.gateway} -p tcp --dport ${endpoint.port}`,
    `DNAT --to-destination ${to}:${endpoint.port}`,
    `endpoint:${endpoint.name}`,
  );
}

function acceptances(input: RuleInput, chain: 'INPUT' | 'FORWARD'): Rule[] {
  return input.policy.flatMap((flow) => {
    const hop = hopOf(input, flow);
    if (hop === undefined || (hop.out === undefined) !== (chain === 'INPUT')) return [];
    const out = hop.out === undefined ? '' : ` -o ${hop.out}`;
    const to = serviceAddress(input, flow.to.service);
    const match = `-i ${hop.in}${out} -s ${hop.source} -d ${to} -p tcp --dport ${flow.to.port} -m conntrack --ctstate NEW`;
    return [rule(chain, match, 'ACCEPT', `flow:${flow.flow}`)];
  });
}

/** How a flow crosses this firewall: the interface it enters by, and the one it leaves by unless it ends here. */
function hopOf(input: RuleInput, flow: AllowedFlow): { in: string; out?: string; source: string } | undefined {
  // What a firewall says itself passes its own OUTPUT only.
  if (flow.from.kind === 'service' && flow.from.service === input.firewall) return undefined;
  const from = sourceOf(input, flow);
  const routed = (zone: string): boolean => zone !== 'core' && routerOf(input, zone) === input.firewall;
  const to = input.attachments.get(flow.to.service) ?? [];
  const entersBy = routed(from.zone) ? from.zone : 'core';
  if (flow.to.service === input.firewall) return { in: entersBy, source: from.address };
  const toZone = to.length > 1 ? 'core' : (to[0]?.zone ?? '');
  if (routed(toZone)) return { in: entersBy, out: toZone, source: from.address };
  return routed(from.zone) ? { in: from.zone, out: 'core', source: from.address } : undefined;
}

function sourceOf(input: RuleInput, flow: AllowedFlow): { zone: string; address: string } {
  const { from } = flow;
  if (from.kind === 'service') {
    const attachment = reachedAt(input, from.service);
    return { zone: attachment.zone, address: attachment.address };
  }
  const zone = zoneNamed(input, from.kind === 'host' ? 'edge' : from.zone);
  return { zone: zone.name, address: from.kind === 'host' ? (zone.host ?? zone.subnet) : zone.subnet };
}

function serviceAddress(input: RuleInput, service: string): string {
  return reachedAt(input, service).address;
}

/** Where other zones meet a service: its own place, or a firewall's on `core`, which it also speaks from. */
function reachedAt(input: RuleInput, service: string): AttachmentPlan {
  const attachments = input.attachments.get(service) ?? [];
  const attachment = attachments.find(({ zone }) => zone === 'core') ?? attachments[0];
  if (attachment === undefined) throw new RangeError(`no service ${service}`);
  return attachment;
}

function routerOf(input: RuleInput, zone: string): string | undefined {
  return zoneNamed(input, zone).router;
}

function zoneNamed(input: RuleInput, name: string): ZonePlan {
  const zone = input.zones.find((candidate) => candidate.name === name);
  if (zone === undefined) throw new RangeError(`no zone ${name}`);
  return zone;
}
