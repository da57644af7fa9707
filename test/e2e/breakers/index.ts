import { expectedChecks } from '../../../src/drill/expected.ts';
import { faultsFor } from '../../../src/faults/break.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { balancingBreakers } from './balancing.ts';
import { databaseBreakers } from './database.ts';
import { firewallBreakers } from './firewalls.ts';
import { hardeningBreakers } from './hardening.ts';
import { monitoringBreakers } from './monitoring.ts';
import { serverBreakers } from './servers.ts';
import { tlsBreakers } from './tls.ts';
import type { Breaker } from './types.ts';

/** A breaker for every check of a lab that no fault breaks, in the order of the requirements: those that one does, `lab drill` tries. */
export function breakersFor(plan: Plan): Breaker[] {
  const drilled = new Set(faultsFor(plan).flatMap((fault) => expectedChecks(plan, fault)));
  return [
    firewallBreakers(plan),
    tlsBreakers,
    balancingBreakers,
    serverBreakers,
    databaseBreakers,
    monitoringBreakers,
    hardeningBreakers,
  ]
    .flat()
    .filter(({ check }) => !drilled.has(check));
}
