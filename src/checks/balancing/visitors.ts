import { isSecure, sitePort, siteScheme } from '../../plan/site.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { inside } from '../inside.ts';
import { serviceOf } from '../services.ts';
import { field, jsonOf } from '../site.ts';
import { fewestConnections } from './site-answers.ts';
import { frontendLimit } from './statistics.ts';

export async function roomForVisitors(context: CheckContext): Promise<Observation> {
  const limit = await frontendLimit(context, siteScheme(context.plan.lab));
  return verdict(limit >= fewestConnections, `${limit} connections at most`);
}

/** Operators see the statistics, visitors do not. */
export async function statisticsGuarded(context: CheckContext, address: string): Promise<Observation> {
  const visitor = context.vantages.from({ zone: 'edge' });
  const prometheus = serviceOf(context.plan, 'prometheus')?.name ?? '';
  const [operators, { state }, control] = await Promise.all([
    inside(context, prometheus),
    visitor.tcp({ address, port: 8404, timeoutMs: 600 }),
    // Patient: another check floods the edge from here, and SYNs are then dropped for a while.
    visitor.tcp({ address, port: 443, timeoutMs: 5000 }),
  ]);
  const inner = operators?.reached.get(`tcp/${address}:8404`) ?? 'not tried';
  const seen = `port 8404 from ${prometheus}: ${inner}; from the edge: ${state}, and port 443 there ${control.state}`;
  return verdict(inner === 'open' && state === 'filtered' && control.state === 'open', seen);
}

/** What the servers are told of who visits. */
export async function clientAddress(context: CheckContext, balancer: string): Promise<Observation> {
  const { domain } = context.plan.lab.site;
  const visitor = context.vantages.from({ zone: 'edge' });
  const { lab } = context.plan;
  const tls = isSecure(lab) ? { tls: { ca: await context.ca(), servername: domain } } : {};
  const [own, answer] = await Promise.all([
    context.vantages.addressIn('edge'),
    visitor.http({ address: balancer, port: sitePort(lab), host: domain, path: '/api/whoami', ...tls }),
  ]);
  const told = field(jsonOf(answer), 'clientAddress');
  return verdict(told === own, `a visitor at ${own} is ${String(told)} to the server`);
}
