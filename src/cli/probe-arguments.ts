import type { Plan, ZonePlan } from '../plan/types.ts';
import type { Place } from '../probe/probe-container.ts';
import { probeContainer } from '../probe/probe-container.ts';
import { ownerOfThisProcess } from '../probe/owner.ts';

/**
 * Arguments of `docker` for a command in a throw-away probe, with the rights that a probe always has and no more.
 * @param zone where a stranger stands; nothing beside a service
 */
export function probeArguments(
  plan: Plan,
  place: Place,
  zone: ZonePlan | undefined,
  argv: readonly string[],
  terminal: boolean,
): string[] {
  const image = plan.settings.images['probe'];
  if (image === undefined) throw new RangeError('the plan has no image for probes');
  const { User, Labels, Hostname, HostConfig } = probeContainer(
    plan.settings.project,
    ownerOfThisProcess(),
    image,
    place,
  );
  const pairs = (flag: string, values: Record<string, string> | undefined): string[] =>
    Object.entries(values ?? {}).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  // Docker's default gateway in a zone where the host has an address is the host, not the firewall.
  const routed =
    zone?.host === undefined
      ? argv
      : ['sh', '-c', `ip route replace default via ${zone.gateway} && exec "$@"`, 'probe', ...argv];
  const [program = '', ...rest] = routed;
  return [
    'run',
    '--rm',
    '--interactive',
    ...(terminal ? ['--tty'] : []),
    ...['--network', String(HostConfig?.NetworkMode)],
    ...['--user', String(User)],
    ...(Hostname === undefined ? [] : ['--hostname', Hostname]),
    ...pairs('--label', Labels),
    '--read-only',
    ...['--cap-drop', 'ALL'],
    ...(HostConfig?.CapAdd ?? []).flatMap((capability: string) => ['--cap-add', capability]),
    ...pairs('--sysctl', HostConfig?.Sysctls),
    ...(HostConfig?.SecurityOpt ?? []).flatMap((option: string) => ['--security-opt', option]),
    ...['--memory', String(HostConfig?.Memory), '--memory-swap', String(HostConfig?.MemorySwap)],
    ...['--pids-limit', String(HostConfig?.PidsLimit), '--log-driver', 'none', '--tmpfs', '/tmp:size=16m'],
    // A service's own /etc/hosts comes with its network namespace; a stranger is told the same names.
    ...(zone !== undefined ? plan.services.flatMap(({ name, address }) => ['--add-host', `${name}:${address}`]) : []),
    ...['--entrypoint', program, image, ...rest],
  ];
}
