import { isMutual } from '../../plan/inside.ts';
import type { ServicePlan } from '../../plan/types.ts';
import type { HttpOutcome, HttpRequest } from '../../probe/operations/http.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { accountIdentity } from '../identity.ts';
import { servicesOf } from '../services.ts';
import { directly } from '../site.ts';

/** Asks every server as a stranger in its zone would: without TLS, without a certificate, with one of somebody else. */
export async function refusesStrangers(context: CheckContext): Promise<Observation> {
  const servers = servicesOf(context.plan, 'web');
  const identity = await accountIdentity(context, 'app');
  const seen = await Promise.all(
    servers.map(async (server) => {
      const asked = await directly(context, server, { path: '/api/whoami', timeoutMs: 4000 });
      const { tls, ...plain } = asked;
      const { identity: balancer, ...anonymous } = tls ?? {};
      const ask = (request: HttpRequest): Promise<HttpOutcome> =>
        context.vantages.from({ zone: server.zone }).tryHttp(request);
      const [control, ...strangers] = await Promise.all([
        ask(asked),
        ask(plain),
        ask({ ...asked, tls: anonymous }),
        ...(identity === undefined ? [] : [ask({ ...asked, tls: { ...anonymous, identity } })]),
      ]);
      return { server, control, strangers, asBalancer: balancer !== undefined };
    }),
  );
  const wrong = seen.flatMap(({ server, control, strangers, asBalancer }) => [
    ...((asBalancer || !isMutual(context.plan.lab)) && control.ok && control.status === 200
      ? []
      : [`${server.name} does not answer the balancer either`]),
    ...strangers.flatMap((outcome, index) => (refused(outcome) ? [] : [gotAnAnswer(server, index, outcome)])),
  ]);
  const tries = seen.reduce((sum, { strangers }) => sum + strangers.length, 0);
  return verdict(
    wrong.length === 0,
    wrong.length === 0
      ? `${tries} requests of strangers hung up on or refused, those of the balancer answered`
      : wrong.join('; '),
  );
}

const ways = ['without TLS', 'without a certificate', 'with the application’s certificate'];

/** Not every web server can hang up without a word. A refusal that does not even say who refuses gives nothing away. */
function refused(outcome: HttpOutcome): boolean {
  return !outcome.ok || ([400, 403].includes(outcome.status) && outcome.headers['x-served-by'] === undefined);
}

function gotAnAnswer({ name }: ServicePlan, way: number, outcome: HttpOutcome): string {
  return `${name} answered ${outcome.ok ? outcome.status : ''} to somebody ${ways[way] ?? ''}`;
}
