import ipaddr from 'ipaddr.js';
import { readFile } from 'node:fs/promises';
import { firewallsBetween, zoneNamed } from '../checks/firewalls/flows.ts';
import { listeningOf } from '../checks/firewalls/listening.ts';
import type { CheckContext } from '../checks/check.ts';
import { failure } from '../errors.ts';
import { answeringAt } from '../plan/places.ts';
import type { Plan } from '../plan/types.ts';
import type { Route } from '../probe/operations/interfaces.ts';
import type { Answer, State } from './answer.ts';
import { hopOf, onTheWay, type FindLine } from './hops.ts';
import { sourceName, type Question } from './question.ts';
import { reasonOf } from './reason.ts';
import { ruleLines } from './rule-lines.ts';
import { shotFromHost, shotFromWithin } from './send.ts';
import { watching } from './watch.ts';
import { edgeZone } from '../checks/services.ts';

/**
 * Sends a real packet and has the firewalls tell what they do with it.
 * @param rulesFile path of a firewall's rules as the project holds them
 * @throws UserError `SERVICE_DOWN` when the source does not run; `TRACE_FAILED`
 */
export async function why(
  context: CheckContext,
  question: Question,
  rulesFile: (firewall: string) => string,
): Promise<Answer> {
  const { plan, project } = context;
  const { from, to } = question;
  const shot = from.kind === 'host' ? shotFromHost(context, plan, question) : shotFromWithin(context, question);
  const expected = firewallsBetween(
    plan,
    from.kind === 'host' ? { kind: 'zone', zone: edgeOf(plan) } : from,
    to.service,
  );
  const policy = policyOn(plan, question);
  const base = { project, from: sourceName(from), to, policy, firewallBetween: expected.length > 0 };
  if (shot === undefined)
    return {
      ...base,
      reachable: false,
      state: 'unroutable',
      reason: `no endpoint publishes ${to.service}:${to.port} on this machine`,
      route: null,
      hops: [],
    };
  const way = await wayOut(context, question);
  const firewalls = await runningFirewalls(context);
  let state: State = 'filtered';
  const watched = await watching(context, firewalls, shot.matches, async () => {
    state = await shot.fire();
  });
  const findLine = await lineFinder(firewalls, rulesFile);
  const hops = [
    ...onTheWay(watched, shot.isRequest).map(([one, packet]) => hopOf(one, packet, 'request', findLine)),
    ...onTheWay(watched, shot.isAnswer).map(([one, packet]) => hopOf(one, packet, 'answer', findLine)),
  ];
  const behind = answeringAt(plan, to.service);
  const target = {
    running: (await Promise.all(behind.map((name) => runs(context, name)))).some(Boolean),
    listening: (await Promise.all(behind.map((name) => listens(context, name, question)))).some(Boolean),
  };
  if (hops.some(({ outcome, direction }) => outcome === 'rejected' && direction === 'request')) state = 'rejected';
  else if (
    state === 'filtered' &&
    from.kind === 'host' &&
    refused(watched.flatMap(({ packets }) => packets.filter(shot.isAnswer)))
  )
    state = 'closed';
  const evidence = {
    question,
    state,
    hops,
    watched,
    expected,
    gateway: gatewayOf(plan, question, expected),
    stuck: way.stuck,
    target,
  };
  return { ...base, reachable: reached(evidence), state, reason: reasonOf(evidence), route: way.route, hops };
}

function reached({ state, hops, question, target, expected }: Parameters<typeof reasonOf>[0]): boolean {
  const requests = hops.filter(({ direction }) => direction === 'request');
  if (requests.some(({ rewritten }) => rewritten !== null && rewritten.to !== question.to.address)) return false;
  const passed = requests.filter(({ outcome }) => outcome === 'forwarded' || outcome === 'delivered').length;
  return state === 'open' || (state === 'silent' && target.listening && passed === expected.length);
}

function refused(answers: readonly { flags: readonly string[] }[]): boolean {
  return answers[0]?.flags.includes('RST') ?? false;
}

function edgeOf(plan: Plan): string {
  return edgeZone(plan)?.name ?? 'edge';
}

function policyOn(plan: Plan, { from, to }: Question): Answer['policy'] {
  const zone =
    from.kind === 'service'
      ? plan.services.find(({ name }) => name === from.service)?.zone
      : from.kind === 'zone'
        ? from.zone
        : edgeOf(plan);
  const flow = plan.policy.find(
    (one) =>
      to.protocol === 'tcp' &&
      one.to.service === to.service &&
      one.to.port === to.port &&
      (one.from.kind === 'zone'
        ? one.from.zone === zone
        : one.from.kind === 'service'
          ? from.kind === 'service' && one.from.service === from.service
          : from.kind === 'host'),
  );
  return { allowed: flow !== undefined, flow: flow?.flow ?? null };
}

function gatewayOf(plan: Plan, { from }: Question, expected: readonly string[]): string | undefined {
  if (expected.length === 0 || from.kind === 'host') return undefined;
  const zone = from.kind === 'zone' ? from.zone : plan.services.find(({ name }) => name === from.service)?.zone;
  const found = zoneNamed(plan, zone ?? '');
  return found.router === expected[0] ? found.gateway : undefined;
}

async function runs({ facts }: CheckContext, service: string): Promise<boolean> {
  const state = await facts(service).then(
    ({ State }) => State,
    () => undefined,
  );
  return state?.Running === true && !state.Paused;
}

async function runningFirewalls(context: CheckContext): Promise<string[]> {
  const names = context.plan.services.filter(({ kind }) => kind === 'firewall').map(({ name }) => name);
  const running = await Promise.all(names.map((name) => runs(context, name)));
  return names.filter((_, index) => running[index]);
}

async function listens(context: CheckContext, service: string, { to }: Question): Promise<boolean> {
  const ports = await listeningOf(context, service).catch(() => []);
  return ports.some(({ port, protocol }) => port === to.port && protocol === to.protocol);
}

/** How a service's packets leave it, as its own kernel has it. */
async function wayOut(
  context: CheckContext,
  { from, to }: Question,
): Promise<{ route: Answer['route']; stuck?: string }> {
  if (from.kind !== 'service') return { route: null };
  if (!(await runs(context, from.service)))
    throw failure('SERVICE_DOWN', { message: `${from.service} is not running`, fix: '`lab up` starts it' });
  const { addresses, routes } = await context.vantages.from({ service: from.service }).interfaces();
  const own = context.service(from.service).address;
  const route = bestRoute(routes, to.address);
  if (!addresses.some(({ address }) => address === own))
    return { route: null, stuck: `it does not have its address ${own}` };
  if (route === undefined) return { route: null, stuck: `it has no route to ${to.address}` };
  return { route: { via: route.gateway, interface: route.interface } };
}

function bestRoute(routes: readonly Route[], address: string): Route | undefined {
  const bits = (destination: string): number => Number(destination.split('/')[1]);
  return routes
    .filter(({ family, destination }) => family === 'IPv4' && contains(destination, address))
    .sort((one, other) => bits(other.destination) - bits(one.destination))[0];
}

function contains(range: string, address: string): boolean {
  return ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(range));
}

async function lineFinder(firewalls: readonly string[], rulesFile: (firewall: string) => string): Promise<FindLine> {
  const finders = new Map(
    await Promise.all(
      firewalls.map(async (firewall) => {
        const file = rulesFile(firewall);
        return [firewall, { file, find: ruleLines(await readFile(file, 'utf8').catch(() => '')) }] as const;
      }),
    ),
  );
  return (firewall, table, chain, rule) => {
    const one = finders.get(firewall);
    const line = one?.find(table, chain, rule);
    return one === undefined || line === undefined ? undefined : { ...line, file: one.file };
  };
}
