import { endpointProblems } from './consistency/endpoints.ts';
import { flowProblems } from './consistency/flows.ts';
import type { LabProblem } from './consistency/problem.ts';
import { serviceProblems } from './consistency/services.ts';
import { sharedAddressProblems } from './consistency/shared-addresses.ts';
import { zoneProblems } from './consistency/zones.ts';
import { tlsProblems } from './consistency/tls.ts';
import type { LabDraft } from './draft.ts';

export type { LabProblem } from './consistency/problem.ts';

/**
 * What a schema cannot say: names that must exist, flows that must cross a firewall, ports that collide.
 * Where a draft leaves something open, it is given the benefit of the doubt.
 */
export function problemsOf(lab: LabDraft): LabProblem[] {
  return [
    ...zoneProblems(lab),
    ...tlsProblems(lab),
    ...serviceProblems(lab),
    ...sharedAddressProblems(lab),
    ...endpointProblems(lab),
    ...flowProblems(lab),
  ];
}
