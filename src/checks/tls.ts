import { isSecure } from '../plan/site.ts';
import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import type { TlsCheck } from './tls/visitor.ts';
import { certificateChecks } from './tls/certificate.ts';
import { httpChecks } from './tls/http.ts';
import { insideChecks } from './tls/inside.ts';
import { keyChecks } from './tls/key.ts';
import { protocolChecks } from './tls/protocol.ts';

/** Without a handshake there is nothing else to be seen of TLS. */
const handshake = 'tls.accepts-modern';
const withoutHandshake = [handshake, 'tls.redirects-http', 'tls.key-private'];

/** The site over TLS, as visitors meet it. */
export function tlsChecks(plan: Plan): Check[] {
  if (!isSecure(plan.lab) || !plan.services.some(({ kind }) => kind === 'balancer')) return [];
  const checks = [
    ...certificateChecks(plan),
    ...protocolChecks(plan),
    ...httpChecks(plan),
    ...keyChecks(plan),
    ...insideChecks(plan),
  ];
  return checks.map((check) => ({ ...check, dependsOn: dependencies(check), requirement: 'tls' }));
}

function dependencies({ id, dependsOn = [] }: TlsCheck): string[] {
  return withoutHandshake.includes(id) ? [...dependsOn] : [handshake, ...dependsOn];
}
