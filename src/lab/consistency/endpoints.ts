import type { LabDraft } from '../draft.ts';
import { parseTarget } from '../policy.ts';
import { targetProblems } from './flows.ts';
import type { LabProblem } from './problem.ts';
import { builtIn, takenName } from './problem.ts';
import { isOneNetwork } from './zones.ts';

export function endpointProblems(lab: LabDraft): LabProblem[] {
  const hostPorts = new Map<number, string>();
  const edgePorts = new Map<number, string>();
  // Without a firewall each service publishes its own ports, and nobody has to let anything through.
  const direct = isOneNetwork(lab);
  return Object.entries(lab.endpoints ?? {}).flatMap(([name, { to, hostPort }]) => {
    const path = ['endpoints', name, 'to'];
    const wrong = to === undefined ? [] : targetProblems(lab, path, to);
    const port = to === undefined ? undefined : parseTarget(to).port;
    return [
      ...(name === builtIn ? [takenName(['endpoints', name], 'the name is reserved')] : []),
      ...wrong,
      ...(to === undefined || wrong.length > 0 || direct || isAllowed(lab, to) ? [] : [noFlow(path, name, to)]),
      ...taken(hostPorts, name, hostPort).map(({ other }) => ({
        path: ['endpoints', name, 'hostPort'],
        message: `endpoints.${name}.hostPort: ${hostPort} is taken by ${other}`,
        expected: 'a port of this machine that no other endpoint uses',
      })),
      ...(direct ? [] : taken(edgePorts, name, port)).map(({ other }) => ({
        path,
        message: `endpoints.${name}.to: port ${port} of the edge firewall is taken by ${other}`,
        expected: 'one endpoint for each port, since the edge firewall tells them apart by it',
      })),
    ];
  });
}

function noFlow(path: LabProblem['path'], name: string, to: string): LabProblem {
  return {
    path,
    message: `endpoints.${name}: no flow lets it through`,
    expected: `a flow from host or edge to ${to}`,
    fix: 'add the flow, or leave the endpoint out',
  };
}

/** Who came first with a port, if anybody did. */
function taken(ports: Map<number, string>, name: string, port: number | undefined): { other: string }[] {
  if (port === undefined) return [];
  const other = ports.get(port);
  if (other !== undefined) return [{ other }];
  ports.set(port, name);
  return [];
}

/** A flow that is wrong in some part may be the one that is missing: it is not asked for twice. */
function isAllowed({ flows, zones, services }: LabDraft, target: string): boolean {
  if (flows === undefined || zones === undefined || services === undefined) return true;
  const inner = (source: string): boolean => Object.hasOwn(zones, source) || Object.hasOwn(services, source);
  const mayBeOutside = (source: string | undefined): boolean =>
    source === undefined || source === 'host' || source === 'edge' || !inner(source);
  return Object.values(flows).some(
    ({ from = [undefined], to = [undefined] }) =>
      from.some(mayBeOutside) && (to.includes(target) || to.includes(undefined)),
  );
}
