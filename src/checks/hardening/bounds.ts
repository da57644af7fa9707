import type { Plan } from '../../plan/types.ts';
import { insideAll } from '../inside.ts';
import { sharedTimeoutMs } from '../once.ts';
import { eachContainer, inspect, offences, promise, type HardeningCheck } from './facts.ts';

const mib = 1024 * 1024;

/** What a container may use up or change. */
export function boundsChecks(plan: Plan): HardeningCheck[] {
  return [readOnlyRoot(plan), limits(plan), logRotation(plan)];
}

function readOnlyRoot(plan: Plan): HardeningCheck {
  const server = plan.services.find(({ kind }) => kind !== 'firewall')?.name ?? '';
  return {
    id: 'hardening.read-only-root',
    title: 'The root file system of every container is read-only',
    points: 2,
    expected:
      'set on the engine, and a file that is tried in /, /etc, /usr/local/bin, /usr/share, /var and /opt is refused as read-only',
    reproduce: `./lab shell ${server} --project ${plan.settings.project} -- touch /etc/test`,
    hint: 'An intruder who can change a program stays. `read_only: true`, with tmpfs for /run and /tmp and volumes for data.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const [all, insides] = await Promise.all([eachContainer(context), insideAll(context)]);
      let refused = 0;
      const words = all.flatMap(({ service: { name }, facts }) => {
        const seen = insides.get(name);
        const { writable = [], readOnly = [] } = seen ?? {};
        refused += readOnly.length;
        if (!facts.HostConfig.ReadonlyRootfs) return [`${name} is writable by its settings`];
        if (writable.length > 0) return [`${name} could write to ${writable.join(' and ')}`];
        return seen === undefined || readOnly.includes('/') ? [] : [`${name} did not refuse a file in /`];
      });
      return offences(all.length, words, `${refused} files refused`);
    },
  };
}

function limits(plan: Plan): HardeningCheck {
  const check = {
    id: 'hardening.limits',
    title: 'Memory, processors and processes of every container are limited',
    points: 2,
    expected: 'a limit of each, and swap no larger than memory',
    reproduce: inspect(plan, '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}'),
    hint: 'One service that runs wild (a leak, a fork bomb) must not take the others with it: `mem_limit`, `cpus`, `pids_limit`.',
  };
  return promise(
    check,
    (_, { HostConfig: host }) => {
      const lacking = [
        ...((host.Memory ?? 0) > 0 ? [] : ['memory']),
        ...((host.Memory ?? 0) > 0 && host.MemorySwap !== host.Memory ? ['swap'] : []),
        ...((host.NanoCpus ?? 0) > 0 || (host.CpuQuota ?? 0) > 0 ? [] : ['processors']),
        ...((host.PidsLimit ?? 0) > 0 ? [] : ['processes']),
      ];
      return lacking.length === 0 ? undefined : `has no limit of ${lacking.join(', ')}`;
    },
    (all) =>
      `${Math.round(all.reduce((sum, { HostConfig }) => sum + (HostConfig.Memory ?? 0), 0) / mib)} MiB of memory at most`,
  );
}

/** Drivers that keep no file on this machine, or turn it by themselves (Docker’s manual, "Configure logging drivers"). */
const selfRotating = ['none', 'local', 'journald', 'syslog'];

function logRotation(plan: Plan): HardeningCheck {
  const check = {
    id: 'hardening.log-rotation',
    title: 'Logs cannot fill the disk',
    points: 1,
    expected: 'max-size and max-file on every container that logs to json-file',
    reproduce: inspect(plan, '{{.HostConfig.LogConfig}}'),
    hint: 'Docker’s json-file logs grow without end unless told otherwise, and visitors decide how much is logged.',
  };
  return promise(check, (_, { HostConfig }) => {
    const { Type, Config } = HostConfig.LogConfig ?? { Type: 'json-file', Config: {} };
    if (selfRotating.includes(Type)) return undefined;
    const { 'max-size': size, 'max-file': files } = (Config ?? {}) as Record<string, string>;
    return size === undefined || size === '-1' || files === undefined ? `logs without end to ${Type}` : undefined;
  });
}
