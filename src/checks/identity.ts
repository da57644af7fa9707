import { isMutual } from '../plan/inside.ts';
import type { Identity } from '../probe/operations/identity.ts';
import type { CheckContext } from './check.ts';
import { databasesOf, serviceOf, servicesOf } from './services.ts';

/** What the balancer shows the servers; undefined where they ask for nothing. */
export async function balancerIdentity(context: CheckContext): Promise<Identity | undefined> {
  const balancer = serviceOf(context.plan, 'balancer');
  if (balancer === undefined || !isMutual(context.plan.lab)) return undefined;
  const bundle = await context.secret(balancer.name, 'client.pem');
  return { cert: bundle, key: bundle };
}

/** What the owner of a database account shows; undefined where it needs nothing but the password. */
export async function accountIdentity(context: CheckContext, user: string): Promise<Identity | undefined> {
  const { plan } = context;
  if (!isMutual(plan.lab)) return undefined;
  const replicas = [...databasesOf(plan, 'replica'), ...databasesOf(plan, 'member')];
  const owner = user === 'replicator' ? replicas[0] : servicesOf(plan, 'web')[0];
  if (owner === undefined) return undefined;
  const name = user === 'replicator' ? 'server' : 'database';
  const [cert, key] = await Promise.all(['crt', 'key'].map((end) => context.secret(owner.name, `${name}.${end}`)));
  return { cert: cert ?? '', key: key ?? '' };
}
