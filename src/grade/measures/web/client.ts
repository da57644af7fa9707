import * as z from 'zod';
import { outcomeWords } from '../balancer/visit.ts';
import { defineMeasure } from '../measure.ts';
import { ask, member, neighbour } from './ask.ts';

/** Whom the application takes for its visitor, when somebody says in headers who that is. */
export const client = defineMeasure({
  options: z.strictObject({
    /** The balancer is believed, a stranger is not. */
    from: z.enum(['balancer', 'stranger']),
  }),
  run: async (context, { from }) => {
    const said = `198.51.100.${1 + (parseInt(context.fresh(`visitor/${from}`).slice(0, 2), 16) % 250)}`;
    const headers = { 'x-forwarded-for': said, 'x-real-ip': said, 'x-forwarded-proto': 'https' };
    const place = from === 'balancer' ? { service: 'balancer' } : neighbour;
    const [outcome] = await ask(context, [{ path: '/api/whoami', headers }], place);
    if (outcome?.ok !== true) return { good: false, observed: outcome === undefined ? '' : outcomeWords(outcome) };
    const [address, scheme] = [member(outcome, 'clientAddress'), member(outcome, 'scheme')];
    const observed = `${from === 'balancer' ? 'the balancer' : 'a stranger'} said ${said} and https; the application was told ${address ?? 'nothing'} and ${scheme ?? 'nothing'}`;
    if (from === 'balancer') return { good: address === said && scheme === 'https', observed };
    const own = await context.lab.vantages.addressIn('web');
    const kept = member(outcome, 'forwardedFor')?.includes(said) === true;
    return {
      good: address === own && scheme === 'http' && !kept,
      observed: kept ? `${observed}, and the address in X-Forwarded-For as well` : observed,
    };
  },
});
