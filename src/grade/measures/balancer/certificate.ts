import * as z from 'zod';
import { defineMeasure } from '../measure.ts';
import { visitor } from './visit.ts';

/** The certificate shown is the site's: from the lab's CA, for the name that visitors use. */
export const certificate = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const { from, address, domain } = visitor(context);
    const outcome = await from.tls({ address, port: 443, servername: domain, ca: await context.lab.ca() });
    if (!outcome.ok) return { good: false, observed: `no TLS at port 443: ${outcome.error.message}` };
    const { authorized, authorizationError, certificate: shown } = outcome;
    return {
      good: authorized,
      observed: authorized ? `trusted, for ${domain}` : `not trusted: ${authorizationError ?? 'for another reason'}`,
      evidence: [`subject ${shown.subject}`, `issuer ${shown.issuer}`, `names ${shown.names.join(', ')}`],
    };
  },
});

/** Port 443 speaks TLS, of whatever version and with whosever certificate. */
export const opensTls = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const { from, address, domain } = visitor(context);
    const outcome = await from.tls({ address, port: 443, servername: domain, minVersion: 'TLSv1' });
    return {
      good: outcome.ok,
      observed: outcome.ok ? `${outcome.protocol} at port 443` : `no TLS at port 443: ${outcome.error.message}`,
    };
  },
});

/** TLS 1.0 and 1.1 are deprecated (RFC 8996). A client that offers nothing newer gets nowhere. */
export const refusesOldTls = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const { from, address, domain } = visitor(context);
    const ask = { address, port: 443, servername: domain };
    const [old, modern] = await Promise.all([
      from.tls({ ...ask, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }),
      from.tls({ ...ask, minVersion: 'TLSv1.2' }),
    ]);
    const words = (outcome: typeof old): string => (outcome.ok ? outcome.protocol : 'refused');
    return {
      good: !old.ok && modern.ok,
      observed: `a client with TLS 1.1 at most: ${words(old)}; a client with TLS 1.2 and newer: ${words(modern)}`,
    };
  },
});
