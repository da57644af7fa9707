import type { HttpOutcome, HttpRequest } from '../../../probe/operations/http.ts';
import type { OwnProject } from '../../compose/plan.ts';
import { doorOf } from '../../stage/own-door.ts';
import type { MeasureContext } from '../measure.ts';

/** The student's own project. @throws when the exercise takes no projects */
export function ownOf({ own }: MeasureContext): OwnProject {
  if (own === undefined) throw new Error('this measure is for whole projects');
  return own;
}

/** All addresses of a service, in whatever zone. */
export function addressesOf({ addresses }: OwnProject, service: string): string[] {
  return Object.values(addresses[service] ?? {});
}

/** The site's address for visitors, found once. */
export async function door(context: MeasureContext): Promise<string> {
  const found = await context.shared('own/door', async () => {
    const address = await doorOf(context.lab, ownOf(context));
    return { address, close: () => Promise.resolve() };
  });
  return found.address;
}

/** What a visitor in the edge asks for, over HTTPS unless told otherwise; whom the certificate leads to is another check's matter. */
export async function asked(
  context: MeasureContext,
  path: string,
  more: Partial<HttpRequest> = {},
): Promise<HttpRequest> {
  const address = await door(context);
  return { address, host: context.plan.lab.site.domain, path, tls: { verify: false }, timeoutMs: 5000, ...more };
}

export async function visit(
  context: MeasureContext,
  path: string,
  more: Partial<HttpRequest> = {},
): Promise<HttpOutcome> {
  return context.lab.vantages.from({ zone: 'edge' }).tryHttp(await asked(context, path, more));
}

/** One of the servers, which one nobody knows beforehand. All checks that need one gone take the same. */
export function lostServer(context: MeasureContext): string {
  const { web } = ownOf(context).roles;
  return web[parseInt(context.fresh('lost').slice(0, 6), 16) % web.length] ?? '';
}
