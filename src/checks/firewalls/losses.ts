import { unlessStatus } from '../../engine/containers.ts';
import type { Plan, ServicePlan } from '../../plan/types.ts';
import { serviceOf } from '../services.ts';
import { skipped, verdict, type Check, type CheckContext, type Observation } from '../check.ts';

/** Connections to each: that an eighth of the packets is lost and none of these was is one chance in three thousand. */
const connections = 60;
/** TCP sends its first packet again after a second (RFC 6298, section 2.1): what took less lost nothing. */
const secondSynMs = 900;

/** A path that loses packets works, slowly: TCP hides it from everybody but the impatient. */
export function losesNothing(plan: Plan): Check[] {
  const prometheus = serviceOf(plan, 'prometheus');
  const targets = prometheus === undefined ? [] : farTargets(plan, prometheus);
  if (prometheus === undefined || targets.length === 0) return [];
  return [
    {
      id: 'firewalls.lose-nothing',
      title: 'No packet is lost on the way from zone to zone',
      requirement: 'firewalls',
      points: 1,
      expected: `${connections} connections from ${prometheus.name} to a monitoring client in each other zone, each by the first packet`,
      reproduce: `./lab shell ${prometheus.name} --project ${plan.settings.project} -- bash -c 'for i in $(seq 20); do time (: </dev/tcp/${targets[0]?.address ?? ''}/${targets[0]?.port ?? 0}); done 2>&1' | grep real`,
      hint: 'A second, or three, for some connections and not for others is what TCP waits before it sends again. Look for a rule with `-m statistic`, and at `tc -s qdisc`.',
      dependsOn: ['monitoring.targets-up'],
      needs: ['database'],
      // One connection of a hundred and eighty that took long may be the machine's doing.
      retry: { deadlineMs: 100 },
      run: (context) => connectOften(context, prometheus.name, targets),
    },
  ];
}

interface Target {
  zone: string;
  address: string;
  port: number;
}

/** One target in each zone but Prometheus' own. */
function farTargets(plan: Plan, prometheus: ServicePlan): Target[] {
  const far = plan.services.filter(
    ({ zone, kind, scrapes }) => kind !== 'firewall' && zone !== prometheus.zone && scrapes.length > 0,
  );
  const zones = [...new Set(far.map(({ zone }) => zone))];
  return zones.flatMap((zone) => {
    const one = far.find((service) => service.zone === zone);
    const port = one?.scrapes[0]?.port;
    return one === undefined || port === undefined ? [] : [{ zone, address: one.address, port }];
  });
}

/** Connects ten at a time, by bash, and prints how many took too long; one that never comes counts too. */
const script = String.raw`
one() {
  start=\${EPOCHREALTIME/[.,]/}
  (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null || { echo "late $1"; return; }
  [ $(( (\${EPOCHREALTIME/[.,]/} - start) / 1000 )) -lt "$late" ] || echo "late $1"
}
count=$1 late=$2; shift 2
for target; do
  for ((i = 1; i <= count; i++)); do
    one "\${target%:*}" "\${target#*:}" &
    [ $((i % 10)) -ne 0 ] || wait
  done
done
wait
`.replaceAll('\\$', '$');

async function connectOften(context: CheckContext, from: string, targets: readonly Target[]): Promise<Observation> {
  const argv = [
    'bash',
    '-c',
    script,
    'connect',
    String(connections),
    String(secondSynMs),
    ...targets.map(({ address, port }) => `${address}:${port}`),
  ];
  const outcome = await context.exec(from, argv, { timeoutMs: 25_000 }).catch(unlessStatus(409));
  if (outcome === undefined) return skipped(`${from} does not run`);
  const late = targets.map(({ zone, address }) => ({
    zone,
    count: outcome.stdout.split('\n').filter((line) => line === `late ${address}`).length,
  }));
  const words = late.map(({ zone, count }) => `${zone} ${count} of ${connections}`).join(', ');
  return verdict(
    late.every(({ count }) => count === 0),
    `took a second packet: ${words}`,
  );
}
