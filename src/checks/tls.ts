import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import { certificateChecks } from './tls/certificate.ts';
import { httpChecks } from './tls/http.ts';
import { keyChecks } from './tls/key.ts';
import { protocolChecks } from './tls/protocol.ts';

/** The site over TLS, as visitors meet it. */
export function tlsChecks(plan: Plan): Check[] {
  if (!plan.services.some(({ kind }) => kind === 'balancer')) return [];
  const checks = [...certificateChecks(plan), ...protocolChecks(plan), ...httpChecks(plan), ...keyChecks(plan)];
  return checks.map((check) => ({ ...check, requirement: 'tls' }));
}
