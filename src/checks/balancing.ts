import { stackOf } from '../plan/stacks.ts';
import { isSecure, siteScheme } from '../plan/site.ts';
import type { Plan } from '../plan/types.ts';
import { allAnswer, allUp, returnsToRotation, survives } from './balancing/rotation.ts';
import { fewestConnections, quickMs, siteAnswers, siteQuick } from './balancing/site-answers.ts';
import { sharedAddressChecks } from './balancing/shared-address.ts';
import { clientAddress, roomForVisitors, statisticsGuarded } from './balancing/visitors.ts';
import type { Check } from './check.ts';
import { edgeZone, listed, serviceOf, servicesOf } from './services.ts';
import { curlSite } from './site.ts';

/** What the balancer promises: requests are spread, and a server that stops costs none. */
export function balancingChecks(plan: Plan): Check[] {
  const balancer = serviceOf(plan, 'balancer');
  const servers = servicesOf(plan, 'web').map(({ name }) => name);
  if (balancer === undefined || servers.length === 0) return [];
  const { project } = plan.settings;
  const last = servers.at(-1) ?? '';
  const stack = stackOf(plan.lab, last);
  const prometheus = serviceOf(plan, 'prometheus')?.name;
  const scheme = siteScheme(plan.lab).toUpperCase();
  const statistics = `./lab probe ${prometheus ?? balancer.zone} --project ${project} -- curl -s 'http://${balancer.name}:8404/stats;csv'`;
  const common = { requirement: 'balancing' as const, timeoutMs: 30_000 };
  const checks: (Check | undefined)[] = [
    {
      ...common,
      id: 'balancing.site-answers',
      title: 'The site answers its visitors',
      points: 1,
      expected: `the page, and the servers’ word that they reach their databases (/readyz): 200${isSecure(plan.lab) ? ', over HTTPS that verifies' : ''}, whichever server answers`,
      reproduce: curlSite(plan, '/readyz', '-i '),
      hint: 'Begin here: what fails below may follow from this. 503 from the balancer: it has no server. 503 at /readyz: it names the database that is not reached.',
      retry: { deadlineMs: 4000 },
      dependsOn: ['tls.accepts-modern'],
      run: (context) => siteAnswers(context, servers.length),
    },
    {
      ...common,
      id: 'balancing.answers-quickly',
      title: 'The site answers quickly',
      points: 1,
      expected: `the quickest of some requests within ${quickMs} ms`,
      reproduce: curlSite(plan, '/healthz', "-o /dev/null -w '%{time_total}\\n' "),
      hint: 'Every hop adds its own: measure from the edge, from the balancer, from the server itself. What takes long at the last hop alone is on the way there.',
      dependsOn: ['balancing.site-answers'],
      needs: ['web'],
      run: siteQuick,
    },
    {
      ...common,
      id: 'balancing.room-for-visitors',
      title: 'The balancer has room for many visitors at once',
      points: 1,
      expected: `at least ${fewestConnections} connections over ${scheme} at a time`,
      reproduce: `${statistics} | cut -d, -f1,2,7`,
      hint: '`maxconn` stands in global, in a frontend and on a bind line: the least of them holds.',
      run: roomForVisitors,
    },
    {
      ...common,
      id: 'balancing.all-servers-answer',
      title: 'All servers answer in turn, evenly',
      points: 2,
      expected: `over fresh connections, each of ${listed(servers)} answers its share of the requests`,
      reproduce: `for i in 1 2 3 4 5 6; do ${curlSite(plan, '/api/whoami')}; done`,
      hint: 'A server that never answers is down, disabled or not in the backend; one that answers rarely has a lower weight. `balance roundrobin` gives each its turn.',
      dependsOn: ['balancing.site-answers'],
      needs: ['web'],
      retry: { deadlineMs: 6000 },
      run: (context) => allAnswer(context, servers),
    },
    {
      ...common,
      id: 'balancing.servers-up',
      title: 'HAProxy sees every server UP',
      points: 1,
      expected: `${listed(servers)}, and no other, UP by a check of layer 7`,
      reproduce: `${statistics} | cut -d, -f1,2,18,37`,
      hint: 'L4CON or L4TOUT: nothing listens there, or a firewall drops it. L7STS: the application answers, though not with 200.',
      needs: ['web'],
      retry: { deadlineMs: 5000 },
      run: (context) => allUp(context, servers),
    },
    {
      ...common,
      id: 'balancing.survives-stopped-server',
      title: 'A stopped server costs no request',
      points: 3,
      expected: `${last}’s ${stack.front} is stopped while visitors read and write: every request is answered`,
      reproduce: `./lab shell ${last} --project ${project} -- s6-svc -d /run/service/${stack.process}; for i in $(seq 30); do ${curlSite(plan, '/api/whoami', "-o /dev/null -w '%{http_code}\\n' ")}; done; ./lab shell ${last} --project ${project} -- s6-svc -u /run/service/${stack.process}`,
      hint: 'Between two health checks the balancer still picks the stopped server: `option redispatch` and `retry-on conn-failure` send the request on to another.',
      dependsOn: ['balancing.site-answers', 'servers.application-ready'],
      disturbs: ['web'],
      timeoutMs: 40_000,
      run: survives,
    },
    {
      ...common,
      id: 'balancing.returns-to-rotation',
      title: 'A server that is started again comes back into rotation',
      points: 2,
      expected: `${last} answers visitors again within 6 s of its start`,
      reproduce: `./lab shell ${last} --project ${project} -- s6-svc -r /run/service/${stack.process}; until ${curlSite(plan, '/api/whoami')} | grep ${last}; do sleep 0.2; done`,
      hint: 'The health check must see it healthy again: `rise` times `downinter` is how long that takes.',
      dependsOn: ['balancing.site-answers', 'servers.application-ready'],
      disturbs: ['web'],
      timeoutMs: 40_000,
      run: returnsToRotation,
    },
    // Without a firewall and operators there is nobody to keep them from.
    prometheus === undefined || edgeZone(plan)?.router === undefined
      ? undefined
      : {
          ...common,
          id: 'balancing.statistics-for-operators',
          title: 'HAProxy’s statistics answer to the operators’ network and to no visitor',
          points: 1,
          expected: 'answered from the operators’ network, no connection from the edge',
          reproduce: `./lab probe edge --project ${project} -- nc -zv -w 2 ${balancer.name} 8404`,
          hint: 'They tell an attacker which servers there are and how they fare. The edge firewall must let nothing but 80 and 443 through to the balancer.',
          retry: { deadlineMs: 6000 },
          run: statisticsGuarded,
        },
    {
      ...common,
      id: 'balancing.client-address',
      title: 'Servers are told the visitor’s own address',
      points: 1,
      expected: 'the server names the address that the visitor has on the edge',
      reproduce: curlSite(plan, '/api/whoami'),
      hint: 'Behind a balancer every connection comes from the balancer: it must set X-Forwarded-For, and Nginx must believe it from there (`set_real_ip_from`).',
      dependsOn: ['balancing.site-answers'],
      needs: ['web'],
      run: clientAddress,
    },
    ...sharedAddressChecks(plan),
  ];
  return checks.filter((check) => check !== undefined);
}
