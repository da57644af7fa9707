import { isMutual } from '../../plan/inside.ts';
import { doorOf } from '../../plan/site.ts';
import type { Plan } from '../../plan/types.ts';
import { curlSite } from '../site.ts';
import { servicesOf } from '../services.ts';
import { verifiesServers } from './impostor.ts';
import { secretUnseen } from './secret.ts';
import { refusesStrangers } from './strangers.ts';
import type { TlsCheck } from './visitor.ts';
import type { Check } from '../check.ts';

/** Where TLS goes on behind the balancer. */
export function insideChecks(plan: Plan): TlsCheck[] {
  const servers = servicesOf(plan, 'web').map(({ name }) => name);
  const [first, last] = [servers[0], servers.at(-1)];
  if (!isMutual(plan.lab) || first === undefined || last === undefined) return [];
  const { project } = plan.settings;
  return [
    ...secretCheck(plan),
    ...strangersCheck(plan),
    {
      id: 'tls.balancer-verifies-servers',
      title: 'A server with a certificate of another name gets no requests',
      points: 3,
      expected: `${last} shows a certificate of the lab that is another’s: the balancer takes it out, and no visitor sees an error`,
      reproduce: `./lab probe prometheus --project ${project} -- curl -s 'http://balancer:8404/stats;csv' | cut -d, -f1,2,18,37`,
      hint: '`verify required` alone takes any certificate of the CA. `verifyhost` asks for the server’s own name.',
      dependsOn: ['balancing.site-answers', 'balancing.servers-up', 'servers.application-ready'],
      disturbs: ['web'],
      timeoutMs: 60_000,
      run: verifiesServers,
    },
  ];
}

/** Whether the secret is heard anywhere; it can be asked of every lab with a site. */
export function secretCheck(plan: Plan): Check[] {
  if (servicesOf(plan, 'web').length === 0 || doorOf(plan) === undefined) return [];
  const { project } = plan.settings;
  return [
    {
      requirement: 'tls',
      id: 'tls.secret-unseen',
      title: 'What a visitor sends and reads can be read nowhere on its way',
      points: 3,
      expected:
        'packets of requests, writes and replication in every zone that they pass, and the secret in none of them',
      reproduce: `./lab capture web --project ${project} | strings | grep secret & ${curlSite(plan, '/api/whoami', "-H 'cookie: a=secret' ")}`,
      hint: 'TLS that ends at the balancer leaves the rest of the way open to whoever stands there. `lab demo plaintext-behind-the-balancer` shows it.',
      dependsOn: ['balancing.site-answers', 'servers.write-and-read'],
      needs: ['web', 'database'],
      timeoutMs: 40_000,
      run: secretUnseen,
    },
  ];
}

/** Whether servers answer strangers in their zone; it can be asked of every lab with servers. */
export function strangersCheck(plan: Plan): Check[] {
  const [first] = servicesOf(plan, 'web').map(({ name }) => name);
  if (first === undefined) return [];
  const { project } = plan.settings;
  return [
    {
      requirement: 'tls',
      id: 'tls.servers-ask-who-comes',
      title: 'Servers answer nobody but the balancer',
      points: 2,
      expected:
        'no answer without a certificate, with one that is not the balancer’s, or without TLS; an answer to the balancer’s',
      reproduce: `./lab probe web --project ${project} -- curl -skv https://${first}/healthz`,
      hint: '`ssl_verify_client on` asks for a certificate of the lab’s CA; that it says CN=balancer is a second question.',
      dependsOn: ['servers.application-ready'],
      needs: ['web'],
      retry: { deadlineMs: 2000 },
      run: refusesStrangers,
    },
  ];
}
