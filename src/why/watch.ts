import { randomBytes } from 'node:crypto';
import type { CheckContext } from '../checks/check.ts';
import { machineError } from '../errors.ts';
import { parseFirewallCounters, type FirewallCounter } from '../probe/firewall-counters.ts';
import { parseTrace, type TracedPacket } from './trace.ts';
import { beginScript, endScript } from './watch-script.ts';

/** What one firewall knows of the conversation. */
export interface Watched {
  firewall: string;
  packets: TracedPacket[];
  before: FirewallCounter[];
  after: FirewallCounter[];
  forwarding: boolean;
  /** As `ip route` prints them. */
  routes: string;
  /** As `ip neigh` prints them. */
  neighbours: string;
}

/** How long a watch lasts at most when nobody ends it, in seconds. */
const longestSeconds = 15;

/**
 * Has firewalls trace the packets that any of `matches` (iptables conditions) names while `work` runs.
 * @throws UserError `TRACE_FAILED`; the watch has ended then on all of them, as it has when `work` throws
 */
export async function watching(
  context: Pick<CheckContext, 'exec'>,
  firewalls: readonly string[],
  matches: readonly string[],
  work: () => Promise<void>,
): Promise<Watched[]> {
  const id = randomBytes(4).toString('hex');
  const began = await Promise.allSettled(firewalls.map((firewall) => begin(context, firewall, id, matches)));
  const befores = began.map((one) => (one.status === 'fulfilled' ? one.value : undefined));
  let ended: Watched[] = [];
  try {
    const broken = began.find((one) => one.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    await work();
  } finally {
    ended = await Promise.all(firewalls.map((firewall, index) => end(context, firewall, id, befores[index] ?? [])));
  }
  return ended;
}

async function begin(
  { exec }: Pick<CheckContext, 'exec'>,
  firewall: string,
  id: string,
  matches: readonly string[],
): Promise<FirewallCounter[]> {
  const argv = ['bash', '-c', beginScript, 'begin', id, String(longestSeconds), ...matches];
  const { exitCode, stdout } = await exec(firewall, argv, { timeoutMs: 20_000 });
  if (exitCode === 0) return parseFirewallCounters(stdout);
  throw machineError('TRACE_FAILED', {
    message: `${firewall} cannot trace packets`,
    found: stdout.trim().slice(-300),
    fix: 'tracing needs nf_tables in the kernel of this machine',
  });
}

async function end(
  { exec }: Pick<CheckContext, 'exec'>,
  firewall: string,
  id: string,
  before: FirewallCounter[],
): Promise<Watched> {
  const { stdout } = await exec(firewall, ['bash', '-c', endScript, 'end', id], { timeoutMs: 20_000 });
  const [rules = '', trace = '', forward = '', routes = '', neighbours = ''] = stdout.split(/^=[a-z]+=\n/m);
  return {
    firewall,
    packets: parseTrace(trace),
    before,
    after: parseFirewallCounters(rules),
    forwarding: forward.trim() === '1',
    routes,
    neighbours,
  };
}
