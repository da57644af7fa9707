import type Docker from 'dockerode';
import { composeLabel } from '../engine/containers.ts';
import type { Plan } from '../plan/types.ts';

/** Whether a network of the project is there with another subnet than planned. Compose leaves such a network as it is. */
export async function networksMoved(docker: Docker, plan: Plan): Promise<boolean> {
  const label = [`${composeLabel.project}=${plan.settings.project}`];
  const networks = await docker.listNetworks({ filters: { label } });
  return networks.some(({ Name, IPAM }) => {
    const zone = plan.zones.find(({ network }) => network === Name);
    return zone !== undefined && !(IPAM?.Config ?? []).some(({ Subnet }) => Subnet === zone.subnet);
  });
}
