import { balancer } from './balancer.ts';
import { database } from './database.ts';
import { firewalls } from './firewalls.ts';
import { monitoring } from './monitoring.ts';
import { reachability } from './reachability.ts';
import type { RuleGroup, RuleInput } from './rule.ts';
import { servers } from './servers.ts';
import { serviceLevel, serviceLevelLong } from './service-level.ts';
import { tls } from './tls.ts';

/** Every rule of a lab's Prometheus, by area. Areas that the lab has nothing of are left out. */
export function ruleGroups(input: RuleInput): RuleGroup[] {
  return [
    { name: 'reachability', rules: reachability(input) },
    { name: 'tls', rules: tls(input) },
    { name: 'balancer', rules: balancer(input) },
    { name: 'servers', rules: servers(input) },
    { name: 'database', rules: database(input) },
    { name: 'firewalls', rules: firewalls(input) },
    { name: 'monitoring', rules: monitoring(input) },
    { name: 'service-level', rules: serviceLevel(input) },
    // An hour of samples is much to read at every turn, and changes little.
    { name: 'service-level-long', everySeconds: 15, rules: serviceLevelLong(input) },
  ].filter(({ rules }) => rules.length > 0);
}
