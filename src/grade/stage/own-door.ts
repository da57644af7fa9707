import type { CheckContext } from '../../checks/check.ts';
import type { OwnProject } from '../compose/plan.ts';

/** Where visitors may find the site of a student's own project, the likeliest first. */
export function doorsOf({ roles, addresses }: OwnProject): string[] {
  const router = roles.firewalls['fw-edge'];
  const balancer = addresses[roles.balancer] ?? {};
  const found = [
    balancer.edge,
    router === undefined ? undefined : addresses[router]?.edge,
    balancer.dmz,
    ...Object.values(balancer),
  ];
  return [...new Set(found.filter((address) => address !== undefined))];
}

/** The door that opens for a visitor in the edge; the likeliest when none does. */
export async function doorOf({ vantages }: CheckContext, own: OwnProject): Promise<string> {
  const doors = doorsOf(own);
  const visitor = vantages.from({ zone: 'edge' });
  const knocked = await visitor.tcpMany(
    doors.flatMap((address) => [443, 80].map((port) => ({ address, port, timeoutMs: 1500 }))),
  );
  return (
    doors.find((_, index) => knocked.slice(2 * index, 2 * index + 2).some(({ state }) => state === 'open')) ??
    doors[0] ??
    ''
  );
}

/** Whether the site answers a visitor, with what is in its database. */
export async function answers(context: CheckContext, own: OwnProject): Promise<boolean> {
  const visitor = context.vantages.from({ zone: 'edge' });
  const address = await doorOf(context, own);
  const { domain } = context.plan.lab.site;
  const outcome = await visitor.tryHttp({
    address,
    host: domain,
    path: '/api/messages?limit=1',
    tls: { verify: false },
    timeoutMs: 3000,
  });
  return outcome.ok && outcome.status === 200;
}
