import type { Plan } from '../../../src/plan/types.ts';
import { balancingBreakers } from './balancing.ts';
import { databaseBreakers } from './database.ts';
import { firewallBreakers } from './firewalls.ts';
import { hardeningBreakers } from './hardening.ts';
import { monitoringBreakers } from './monitoring.ts';
import { serverBreakers } from './servers.ts';
import { tlsBreakers } from './tls.ts';
import type { Breaker } from './types.ts';

/** A breaker for every check of a lab, in the order of the requirements. */
export function breakersFor(plan: Plan): Breaker[] {
  return [
    firewallBreakers(plan),
    tlsBreakers,
    balancingBreakers,
    serverBreakers,
    databaseBreakers,
    monitoringBreakers,
    hardeningBreakers,
  ].flat();
}
