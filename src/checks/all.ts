import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import { balancingChecks } from './balancing.ts';
import { databaseChecks } from './database.ts';
import { firewallChecks } from './firewalls.ts';
import { hardeningChecks } from './hardening.ts';
import { monitoringChecks } from './monitoring.ts';
import { serverChecks } from './servers.ts';
import { tlsChecks } from './tls.ts';

/** Every check that a lab's plan calls for, in the order of the requirements. */
export function checksFor(plan: Plan): Check[] {
  const areas = [
    firewallChecks,
    tlsChecks,
    balancingChecks,
    serverChecks,
    databaseChecks,
    monitoringChecks,
    hardeningChecks,
  ];
  const checks = areas.flatMap((area) => area(plan));
  const ids = new Set(checks.map(({ id }) => id));
  // A lab that lacks a part lacks its checks too, and nothing can depend on them.
  return checks.map((check) => ({ ...check, dependsOn: (check.dependsOn ?? []).filter((id) => ids.has(id)) }));
}
