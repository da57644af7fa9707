import type { Plan, ZonePlan } from '../../plan/types.ts';
import type { CheckContext } from '../check.ts';
import { insideAll, type Inside } from '../inside.ts';
import { once } from '../once.ts';
import { readCounters, type AllRules } from './counters.ts';
import { flowsOfZone, inhabitedZones } from './flows.ts';
import { confirmed } from './confirm.ts';
import { sendInvalid } from './invalid.ts';
import { rowsOfService } from './matrix.ts';
import { matrix } from './measured-matrix.ts';
import { strangerIn, type StrangerSaw } from './stranger.ts';
import { seenInside, type SeenRow } from './try-rows.ts';
import { edgeZone } from '../services.ts';

/** Everything that was tried against the firewalls at once, and what they counted before and after. */
export interface Sweep {
  /** The whole policy matrix, with what was seen. */
  rows: SeenRow[];
  strangers: StrangerSaw[];
  insides: ReadonlyMap<string, Inside>;
  /** Endpoints of this machine that answered, by `service:port`. */
  answered: ReadonlySet<string>;
  /** Zones where packets of no conversation were really sent. */
  invalidFrom: ZonePlan[];
  before: AllRules;
  after: AllRules;
}

/** One round of attempts from everywhere, made once in a run: all wait side by side, and counters are read twice only. */
export function sweep(context: CheckContext): Promise<Sweep> {
  return once(context, 'firewalls/sweep', async () => {
    const { plan } = context;
    const [before, cells] = await Promise.all([
      once(context, 'counters/before', () => readCounters(context)),
      matrix(context),
    ]);
    const zones = inhabitedZones(plan);
    const onePerRouter = zones.filter(
      (zone, index) => zones.findIndex(({ router }) => router === zone.router) === index,
    );
    const [strangers, insides, answered, invalid] = await Promise.all([
      Promise.all(zones.map((zone) => strangerIn(context, zone, cells))),
      insideAll(context),
      answering(context),
      Promise.all(onePerRouter.map((zone) => sendInvalid(context, zone))),
    ]);
    const rows = await confirmed(context, [
      ...strangers.flatMap((stranger) => stranger.rows),
      ...plan.services.flatMap((service) =>
        seenInside(rowsOfService(cells, service), insides.get(service.name)?.reached),
      ),
    ]);
    const after = await readCounters(context);
    return {
      rows,
      strangers,
      insides,
      answered,
      invalidFrom: onePerRouter.filter((_, index) => invalid[index]),
      before,
      after,
    };
  });
}

/** Docker's proxy takes every connection to a published port itself, so only an answer shows that one came through. */
async function answering({ plan, vantages }: CheckContext): Promise<Set<string>> {
  const endpoints = endpointsForHost(plan);
  const outcomes = await vantages.host.httpMany({
    requests: endpoints.map(({ hostPort, port }) => ({
      address: '127.0.0.1',
      port: hostPort,
      timeoutMs: 3000,
      ...(port === 443 ? { tls: { verify: false } } : {}),
    })),
    width: 16,
  });
  const names = endpoints.map(({ service, port }) => `${service}:${port}`);
  // An answer that is not HTTP is one all the same.
  return new Set(
    names.filter(
      (_, index) =>
        outcomes[index]?.ok === true ||
        /^HPE_/.test((outcomes[index] as { error?: { code: string } }).error?.code ?? ''),
    ),
  );
}

/** The endpoints that a flow lets this machine use, as itself or as part of the edge. */
function endpointsForHost(plan: Plan): Plan['endpoints'] {
  const edge = edgeZone(plan)?.name ?? '';
  const flows = [...plan.policy.filter(({ from }) => from.kind === 'host'), ...flowsOfZone(plan, edge)];
  return plan.endpoints.filter((endpoint) =>
    flows.some(({ to }) => to.service === endpoint.service && to.port === endpoint.port),
  );
}
