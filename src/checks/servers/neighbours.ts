import { verdict, type CheckContext, type Observation } from '../check.ts';
import { servicesOf } from '../services.ts';
import { field, jsonOf } from '../site.ts';

/** Only the balancer may say on whose behalf it asks. */
export async function disbelievesNeighbours(context: CheckContext): Promise<Observation> {
  const [first, ...others] = servicesOf(context.plan, 'web');
  if (first === undefined) throw new Error('this lab has no server');
  // A lone server has no neighbours but strangers.
  const [neighbour, asked] =
    others.length > 0
      ? [{ name: first.name, address: first.address }, others]
      : [{ name: 'a stranger', address: await context.vantages.addressIn(first.zone) }, [first]];
  const headers = { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9', 'x-forwarded-proto': 'https' };
  const vantage = context.vantages.from(others.length > 0 ? { service: first.name } : { zone: first.zone });
  const told = await Promise.all(
    asked.map(async ({ name, address }) => {
      const answer = jsonOf(await vantage.http({ address, port: 80, path: '/api/whoami', headers }));
      return { name, address: String(field(answer, 'clientAddress')), scheme: String(field(answer, 'scheme')) };
    }),
  );
  const good = told.every(({ address, scheme }) => address === neighbour.address && scheme === 'http');
  const words = told.map(({ name, address, scheme }) => `${name} took ${neighbour.name} for ${address} over ${scheme}`);
  return verdict(good, words.join('; '));
}
