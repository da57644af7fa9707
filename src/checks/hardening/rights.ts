import type { Plan, ServicePlan } from '../../plan/types.ts';
import { sharedBy } from '../../plan/places.ts';
import { sharingCapabilities } from '../../plan/services/shared-address.ts';
import { insideAll } from '../inside.ts';
import { sharedTimeoutMs } from '../once.ts';
import { listed } from '../services.ts';
import { eachContainer, inspect, offences, promise, type Facts, type HardeningCheck } from './facts.ts';

/** What a process in a container may do. */
export function rightsChecks(plan: Plan): HardeningCheck[] {
  return [capabilities(plan), noNewPrivileges(plan), isolation(plan), ownUser(plan)];
}

function capabilities(plan: Plan): HardeningCheck {
  const sharing = listed(plan.sharedAddresses.flatMap(({ among }) => among));
  const check = {
    id: 'hardening.capabilities',
    title: 'No container has a capability that it does not need',
    points: 2,
    expected: `all dropped everywhere, and NET_ADMIN added for firewalls alone${sharing === '' ? '' : `; ${sharingCapabilities.join(', ')} for ${sharing}, which share an address`}`,
    reproduce: inspect(plan, '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}}'),
    hint: 'Docker gives 14 capabilities by default, raw sockets and changing owners among them: `cap_drop: [ALL]`, then add what fails without.',
  };
  return promise(check, ({ name, kind }, { HostConfig }) => {
    const bare = ((HostConfig.CapDrop ?? []) as string[]).some((name) => name.toUpperCase() === 'ALL');
    const allowed: readonly string[] =
      kind === 'firewall' ? ['NET_ADMIN'] : sharedBy(plan, name) === undefined ? [] : sharingCapabilities;
    const surplus = ((HostConfig.CapAdd ?? []) as string[])
      .map((name) => name.replace(/^CAP_/, ''))
      .filter((name) => !allowed.includes(name));
    if (!bare) return 'does not drop all';
    return surplus.length === 0 ? undefined : `adds ${surplus.join(' and ')}`;
  });
}

function noNewPrivileges(plan: Plan): HardeningCheck {
  const check = {
    id: 'hardening.no-new-privileges',
    title: 'No process can gain rights that its parent did not have',
    points: 1,
    expected: 'no-new-privileges on every container, and the engine’s seccomp profile left in place',
    reproduce: inspect(plan, '{{.HostConfig.SecurityOpt}}'),
    hint: 'A setuid program in an image would otherwise make root of any user: `security_opt: ["no-new-privileges:true"]`.',
  };
  return promise(check, (_, { HostConfig }) => {
    const options = (HostConfig.SecurityOpt ?? []) as string[];
    if (options.some((option) => /^(seccomp|apparmor)[:=]unconfined$/.test(option))) return 'is unconfined';
    return options.some((option) => /^no-new-privileges([:=]true)?$/.test(option)) ? undefined : 'may gain privileges';
  });
}

function isolation(plan: Plan): HardeningCheck {
  const check = {
    id: 'hardening.isolation',
    title: 'No container shares a namespace or a device of the host',
    points: 2,
    expected:
      'none privileged, none in the host’s or another container’s network, process, IPC, UTS or user namespace, no devices',
    reproduce: inspect(
      plan,
      '{{.HostConfig.Privileged}} {{.HostConfig.NetworkMode}} {{.HostConfig.PidMode}} {{.HostConfig.IpcMode}}',
    ),
    hint: '`privileged` and `pid: host` undo the container: whoever breaks in is on the host.',
  };
  return promise(check, (_, facts) => shared(facts));
}

function shared({ HostConfig }: Facts): string | undefined {
  if (HostConfig.Privileged) return 'is privileged';
  const modes = {
    network: HostConfig.NetworkMode,
    pid: HostConfig.PidMode,
    ipc: HostConfig.IpcMode,
    uts: HostConfig.UTSMode,
    user: HostConfig.UsernsMode,
  };
  const [joined] = Object.entries(modes).filter(([, mode]) => /^(host$|container:)/.test(mode ?? ''));
  if (joined !== undefined) return `uses ${joined.join(': ')}`;
  const devices = (HostConfig.Devices ?? []) as unknown[];
  return devices.length === 0 ? undefined : `has ${devices.length} devices`;
}

function ownUser(plan: Plan): HardeningCheck {
  const users = new Map(plan.services.map(({ name, uid }) => [name, uid]));
  return {
    id: 'hardening.own-user',
    title: 'Every service runs as a user of its own, not as root',
    points: 2,
    expected: 'the user of the plan, and processes of that user alone; root in firewalls only',
    reproduce: inspect(plan, '{{.Config.User}}'),
    hint: 'Root in a container is root to the kernel: give each kind of service its own user id, so that one cannot read another’s files either.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const [all, insides] = await Promise.all([eachContainer(context), insideAll(context)]);
      const words = all.flatMap(({ service, facts }) => {
        const wrong = userOffence(plan, service, facts, insides.get(service.name)?.uids);
        return wrong === undefined ? [] : [`${service.name} ${wrong}`];
      });
      return offences(
        all.length,
        words,
        `${new Set(users.values()).size} users, ids ${[...new Set(users.values())].join(', ')}`,
      );
    },
  };
}

function userOffence(
  plan: Plan,
  { name, kind, uid }: ServicePlan,
  { Config }: Facts,
  uids: readonly number[] | undefined,
): string | undefined {
  const [configured = ''] = Config.User.split(':');
  const mayBegin = kind === 'firewall' || sharedBy(plan, name) !== undefined;
  if (!mayBegin && (configured === '' || configured === '0' || configured === 'root')) return 'is started as root';
  if (uids === undefined) return undefined;
  const others = uids.filter((one) => one !== uid);
  if (others.length > 0) return `has processes of user ${others.join(' and ')}, not ${uid}`;
  return uids.length === 0 ? 'shows no process' : undefined;
}
