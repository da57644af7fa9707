import type Docker from 'dockerode';
import { composeLabel } from '../engine/containers.ts';
import type { Plan } from '../plan/types.ts';

const gatewayMode = 'com.docker.network.bridge.gateway_mode_ipv4';

/** Whether a network of the project is there with another subnet or gateway mode than planned: Compose leaves it as it is. */
export async function networksMoved(docker: Docker, plan: Plan): Promise<boolean> {
  const label = [`${composeLabel.project}=${plan.settings.project}`];
  const networks = await docker.listNetworks({ filters: { label } });
  return networks.some(({ Name, IPAM, Options }) => {
    const zone = plan.zones.find(({ network }) => network === Name);
    if (zone === undefined) return false;
    const subnet = (IPAM?.Config ?? []).some(({ Subnet }) => Subnet === zone.subnet);
    const mode = zone.host === undefined || Options?.[gatewayMode] === plan.settings.edgeGatewayMode;
    return !subnet || !mode;
  });
}
