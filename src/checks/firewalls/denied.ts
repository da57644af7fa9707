import type { Plan, ServicePlan, ZonePlan } from '../../plan/types.ts';
import { verdict, type Check } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { few } from '../words.ts';
import { counted, jumps } from './counters.ts';
import { deniedToService, inhabitedZones, isServer, spoken, type Target } from './flows.ts';
import { sweep, type Sweep } from './sweep.ts';

/** One check for each zone: whatever starts there and is no flow is dropped by the zone's own firewall. */
export function deniesFromZones(plan: Plan): Check[] {
  return inhabitedZones(plan).map((zone) => deniesFrom(plan, zone));
}

function deniesFrom(plan: Plan, zone: ZonePlan): Check {
  const target = plan.services.find((one) => isServer(one) && one.zone !== zone.name);
  return {
    id: `firewalls.denies-from-${zone.name}`,
    title: `What no flow allows is dropped when it starts in ${zone.name}`,
    requirement: 'firewalls',
    points: 2,
    expected: `no answer at all (filtered, not closed) from any other zone, and the drops counted by ${zone.router}`,
    reproduce: `./lab probe ${zone.name} --project ${plan.settings.project} -- ncat -zvw1 ${target?.address ?? ''} ${target?.scrapes[0]?.port ?? 22}`,
    hint: `“closed” or “open” means that a packet came through: ${zone.router} must end its FORWARD chain with a drop, and accept only what a flow names.`,
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const attempts = deniedIn(plan, zone, seen);
      const through = attempts.filter(({ state }) => state !== 'filtered');
      const drops = droppedInForward(seen, zone.router);
      const sent = sentThrough(plan, zone.router, seen);
      const observed = `${attempts.length - through.length} of ${attempts.length} attempts filtered; ${zone.router} dropped ${drops} of at least ${sent} sent its way from all its zones`;
      const words = through.map(({ from, service, port, state }) => `${from} to ${service}:${port} is ${state}`);
      return verdict(
        through.length === 0 && drops >= sent,
        words.length === 0 ? observed : `${observed}; ${few(words)}`,
      );
    },
  };
}

type Denied = Target & { from: string; state: string };

/** A zone's services, without those that are stopped and so could try nothing. */
function runningIn(plan: Plan, zone: ZonePlan, { insides }: Sweep): ServicePlan[] {
  return plan.services.filter((one) => isServer(one) && one.zone === zone.name && insides.has(one.name));
}

/** What was tried and is denied, by a stranger and by the zone's own services. */
function deniedIn(plan: Plan, zone: ZonePlan, seen: Sweep): Denied[] {
  const stranger = seen.strangers.find((one) => one.zone === zone);
  const services = runningIn(plan, zone, seen);
  return [
    ...(stranger?.denied ?? []).map(({ outcome, ...target }) => ({
      ...target,
      from: 'a stranger',
      state: outcome.state,
    })),
    ...services.flatMap((service) =>
      deniedToService(plan, service).map((target) => ({
        ...target,
        from: service.name,
        state: seen.insides.get(service.name)?.reached.get(spoken(target)) ?? 'not tried',
      })),
    ),
  ];
}

/** What a firewall dropped because no flow allows it, on its way from one zone to another. */
export function droppedInForward(seen: Sweep, firewall: string): number {
  return (
    counted(seen, firewall, jumps('FORWARD', 'denied')) +
    counted(
      seen,
      firewall,
      (rule) => rule.chain === 'FORWARD' && (rule.policy === 'DROP' || jumps('FORWARD', 'DROP')(rule)),
    )
  );
}

/** How many packets this sweep sent through a firewall that it has to drop for want of a flow. */
export function sentThrough(plan: Plan, firewall: string, seen: Sweep): number {
  return seen.strangers
    .filter(({ zone }) => zone.router === firewall)
    .reduce(
      (sum, { zone, denied, published, outside }) =>
        sum + denied.length + published.length + outside.length + sentByServices(plan, zone, seen),
      0,
    );
}

/** Each service also tries the outside once. Its own router is asked over INPUT, which is counted apart. */
function sentByServices(plan: Plan, zone: ZonePlan, seen: Sweep): number {
  return runningIn(plan, zone, seen).reduce(
    (sum, service) =>
      sum + deniedToService(plan, service).filter(({ service: name }) => name !== zone.router).length + 1,
    0,
  );
}
