import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import { allowsFlows } from './firewalls/allowed.ts';
import { rulesAsWritten } from './firewalls/as-written.ts';
import { losesNothing } from './firewalls/losses.ts';
import { deniesFromFirewalls, deniesFromZones } from './firewalls/denied.ts';
import { limitsFlood } from './firewalls/flood.ts';
import { dropsInvalid, dropsSpoofed } from './firewalls/forged.ts';
import { ipv6Absent, ipv6Closed } from './firewalls/ipv6.ts';
import { noOutsideNames, noWayOut } from './firewalls/outside.ts';
import { offersNothing } from './firewalls/own.ts';
import { operatorsClosed, publishesOnLoopback } from './firewalls/published.ts';
import { deniesByDefault } from './firewalls/rules.ts';

/** The policy holds, on the wire and by the firewalls' own counters. */
export function firewallChecks(plan: Plan): Check[] {
  if (!plan.services.some(({ kind }) => kind === 'firewall')) return [];
  return [
    allowsFlows(plan),
    ...deniesFromZones(plan),
    deniesFromFirewalls(plan),
    deniesByDefault(plan),
    rulesAsWritten(plan),
    offersNothing(plan),
    dropsSpoofed(plan),
    dropsInvalid(plan),
    limitsFlood(plan),
    ipv6Closed(plan),
    ipv6Absent(plan),
    noWayOut(plan),
    noOutsideNames(plan),
    publishesOnLoopback(plan),
    operatorsClosed(plan),
    ...losesNothing(plan),
  ];
}
