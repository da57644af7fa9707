import { isSecure, sitePort, siteScheme } from '../../plan/site.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { inside } from '../inside.ts';
import { serviceOf, servicesOf } from '../services.ts';
import { field, jsonOf, siteDoor } from '../site.ts';
import { fewestConnections } from './site-answers.ts';
import { frontendLimit } from './statistics.ts';

export async function roomForVisitors(context: CheckContext): Promise<Observation> {
  const scheme = siteScheme(context.plan.lab);
  const limits = servicesOf(context.plan, 'balancer').map((balancer) => frontendLimit(context, balancer, scheme));
  const limit = Math.min(...(await Promise.all(limits)));
  return verdict(limit >= fewestConnections, `${limit} connections at most`);
}

/** Operators see the statistics of every balancer, visitors those of none. */
export async function statisticsGuarded(context: CheckContext): Promise<Observation> {
  const visitor = context.vantages.from({ zone: 'edge' });
  const balancers = servicesOf(context.plan, 'balancer');
  const door = siteDoor(context.plan);
  const prometheus = serviceOf(context.plan, 'prometheus')?.name ?? '';
  const guarded = [...new Set([door.address, ...balancers.map(({ address }) => address)])];
  const [operators, tried, control] = await Promise.all([
    inside(context, prometheus),
    visitor.tcpMany(guarded.map((address) => ({ address, port: 8404, timeoutMs: 600 }))),
    // Patient: another check floods the edge from here, and SYNs are then dropped for a while.
    visitor.tcp({ address: door.address, port: 443, timeoutMs: 5000 }),
  ]);
  const all = (states: readonly string[]): string => [...new Set(states)].join(' and ');
  const inner = all(balancers.map(({ address }) => operators?.reached.get(`tcp/${address}:8404`) ?? 'not tried'));
  const outer = all(tried.map(({ state }) => state));
  const seen = `port 8404 from ${prometheus}: ${inner}; from the edge: ${outer}, and port 443 there ${control.state}`;
  return verdict(inner === 'open' && outer === 'filtered' && control.state === 'open', seen);
}

/** What the servers are told of who visits. */
export async function clientAddress(context: CheckContext): Promise<Observation> {
  const { domain } = context.plan.lab.site;
  const { address } = siteDoor(context.plan);
  const visitor = context.vantages.from({ zone: 'edge' });
  const { lab } = context.plan;
  const tls = isSecure(lab) ? { tls: { ca: await context.ca(), servername: domain } } : {};
  const [own, answer] = await Promise.all([
    context.vantages.addressIn('edge'),
    visitor.http({ address, port: sitePort(lab), host: domain, path: '/api/whoami', ...tls }),
  ]);
  const told = field(jsonOf(answer), 'clientAddress');
  return verdict(told === own, `a visitor at ${own} is ${String(told)} to the server`);
}
