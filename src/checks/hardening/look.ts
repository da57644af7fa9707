import { unlessStatus } from '../../engine/containers.ts';
import type { CheckContext } from '../check.ts';
import { once } from '../once.ts';

/** How much of something is used, of how much there is; in bytes. */
export interface Share {
  what: string;
  used: number;
  of: number;
}

/** What one look around in a service's container saw. */
export interface Look {
  shares: Share[];
  /** SHA-256 of its configuration's files, by their path below `config/<service>/`. */
  configuration: Map<string, string>;
}

/**
 * Memory that cannot be given back at once (all but clean pages of files), by version 2 or version 1 of control groups;
 * the writable places; the files of the configuration.
 */
const script = String.raw`
cd /sys/fs/cgroup
if [ -f memory.max ]; then limit=$(cat memory.max) used=$(cat memory.current) clean=inactive_file stat=memory.stat
else limit=$(cat memory/memory.limit_in_bytes) used=$(cat memory/memory.usage_in_bytes) clean=total_inactive_file stat=memory/memory.stat; fi
echo "share memory $used $limit $(sed -n "s/^$clean //p" $stat)"
df -P -k /run /tmp 2>/dev/null | sed -n 's#^tmpfs  *\([0-9]*\)  *\([0-9]*\) .* \(/[^ ]*\)$#share \3 \2 \1 0#p'
if [ -d /etc/lab ]; then cd /etc/lab && find . -type f -exec sha256sum {} + | sed 's#^\([0-9a-f]*\)  \./#file \1 #'; fi
`;

/** Looks around in a container, once for all checks; `undefined` when it does not run: that is another check's matter. */
export function lookAround(context: CheckContext, service: string): Promise<Look | undefined> {
  return once(context, `look/${service}`, () =>
    context.exec(service, ['sh', '-c', script]).then(({ stdout }) => readLook(stdout), unlessStatus(409)),
  );
}

export function readLook(output: string): Look {
  const shares = [...output.matchAll(/^share (\S+) (\d+) (\d+) (\d+)$/gm)].map(([, what = '', used, of, clean]) => {
    const unit = what === 'memory' ? 1 : 1024;
    return { what, used: (Number(used) - Number(clean)) * unit, of: Number(of) * unit };
  });
  const files = [...output.matchAll(/^file ([0-9a-f]{64}) (.+)$/gm)].map(
    ([, digest = '', path = '']) => [path, digest] as const,
  );
  return { shares, configuration: new Map(files) };
}
