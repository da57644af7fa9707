import type { Plan, ZonePlan } from '../../plan/types.ts';
import { verdict, type Check } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { few } from '../words.ts';
import { counted, jumps } from './counters.ts';
import { blame } from './blame.ts';
import { inhabitedZones, isServer, routerOf, zoneNamed } from './flows.ts';
import { rowName } from './matrix.ts';
import { sweep, type Sweep } from './sweep.ts';
import type { SeenRow } from './try-rows.ts';

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
      const attempts = seen.rows.filter((row) => row.zone === zone.name && isDenied(row));
      const tried = attempts.filter((row) => row.seen !== 'not tried');
      const through = tried.filter((row) => row.seen !== 'filtered');
      const drops = droppedInForward(seen, routerOf(zone));
      const sent = sentThrough(plan, routerOf(zone), seen);
      const observed = `${tried.length - through.length} of ${tried.length} denied conversations filtered; ${zone.router} dropped ${drops} of at least ${sent} packets sent its way from all its zones`;
      const words = through.map(
        (row) => `${rowName(row)}: expected filtered, seen ${row.seen}${blame(plan, row, seen)}`,
      );
      return verdict(
        through.length === 0 && drops >= sent,
        words.length === 0 ? observed : `${observed}; ${few(words)}`,
      );
    },
  };
}

const isDenied = ({ expected, family }: SeenRow): boolean => expected === 'denied' && family === 'IPv4';

/** A firewall that was broken into must not open the others. */
export function deniesFromFirewalls(plan: Plan): Check {
  const [one, other] = plan.services.filter(({ kind }) => kind === 'firewall');
  return {
    id: 'firewalls.denies-from-firewalls',
    title: 'What no flow allows is dropped when it starts at another firewall',
    requirement: 'firewalls',
    points: 1,
    expected: 'no answer at all from beyond another firewall, nor from that firewall itself',
    reproduce: `./lab probe ${one?.name ?? ''} --project ${plan.settings.project} -- ncat -zvw1 ${other?.address ?? ''} 9100`,
    hint: 'A firewall trusts nobody on `core` either: only the source addresses of its flows may pass.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const tried = seen.rows.filter((row) => row.zone === 'core' && isDenied(row) && row.seen !== 'not tried');
      const through = tried.filter((row) => row.seen !== 'filtered');
      const observed = `${tried.length - through.length} of ${tried.length} denied conversations filtered`;
      const words = through.map(
        (row) => `${rowName(row)}: expected filtered, seen ${row.seen}${blame(plan, row, seen)}`,
      );
      return verdict(through.length === 0, words.length === 0 ? observed : `${observed}; ${few(words)}`);
    },
  };
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

/** How many packets this sweep sent through a firewall that it has to drop for want of a flow. What ends at it is counted on INPUT. */
export function sentThrough(plan: Plan, firewall: string, seen: Sweep): number {
  const denied = seen.rows.filter((row) => isDenied(row) && row.firewalls[0] === firewall && row.service !== firewall);
  const strangers = seen.strangers.filter(({ zone }) => zone.router === firewall);
  const services = plan.services.filter(
    (one) => isServer(one) && seen.insides.has(one.name) && zoneNamed(plan, one.zone).router === firewall,
  );
  return (
    denied.filter((row) => row.seen === 'filtered').length +
    strangers.reduce((sum, { published, outside }) => sum + published.length + outside.length, 0) +
    // Each service tries the outside once.
    services.length
  );
}
