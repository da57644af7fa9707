/** What a firewall has counted: for one rule, or for the policy at the end of a built-in chain. */
export interface FirewallCounter {
  table: string;
  chain: string;
  /** The rule's conditions and target, as `iptables-save` writes them; `null` for a policy. */
  rule: string | null;
  /** The text of `--comment`, unquoted. */
  comment: string | null;
  packets: number;
  bytes: number;
  /** `ACCEPT` or `DROP` for a chain's policy; `null` for a rule. */
  policy: string | null;
}

/**
 * Reads the output of `iptables-save -c` or `ip6tables-save -c` (iptables-save(8)). Chains of the user's own have
 * no policy and give no entry.
 * @throws on a line that is none of the format's
 */
export function parseFirewallCounters(text: string): FirewallCounter[] {
  const counters: FirewallCounter[] = [];
  let table = '';
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line === 'COMMIT' || line.startsWith('#')) continue;
    if (line.startsWith('*')) {
      table = line.slice(1);
      continue;
    }
    const counter = line.startsWith(':') ? policyLine(table, line) : ruleLine(table, line);
    if (counter !== null) counters.push(counter);
  }
  return counters;
}

function policyLine(table: string, line: string): FirewallCounter | null {
  const [, chain = '', policy = '', packets, bytes] = /^:(\S+) (\S+) \[(\d+):(\d+)\]$/.exec(line) ?? unreadable(line);
  if (policy === '-') return null;
  return { table, chain, rule: null, comment: null, packets: Number(packets), bytes: Number(bytes), policy };
}

function ruleLine(table: string, line: string): FirewallCounter {
  const match = /^\[(\d+):(\d+)\] -A (\S+)(?: (.*))?$/.exec(line) ?? unreadable(line);
  const [, packets, bytes, chain = '', rule = ''] = match;
  const spoken = words(rule);
  const at = spoken.indexOf('--comment');
  const comment = at === -1 ? null : (spoken[at + 1] ?? null);
  return { table, chain, rule, comment, packets: Number(packets), bytes: Number(bytes), policy: null };
}

function unreadable(line: string): never {
  throw new Error(`not a line of iptables-save -c: ${line}`);
}

/** The words of a rule, with quotes and backslashes resolved as iptables-restore does. */
function words(rule: string): string[] {
  return [...rule.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'),
  );
}

/**
 * How much more was counted in `after` than in `before`, entry by entry; entries that are new count from 0. Rules that are
 * written alike more than once in a chain are told apart by their order.
 */
export function counterDifference(
  before: readonly FirewallCounter[],
  after: readonly FirewallCounter[],
): FirewallCounter[] {
  const earlier = new Map(numbered(before));
  return numbered(after).map(([key, counter]) => {
    const then = earlier.get(key);
    return {
      ...counter,
      packets: counter.packets - (then?.packets ?? 0),
      bytes: counter.bytes - (then?.bytes ?? 0),
    };
  });
}

function numbered(counters: readonly FirewallCounter[]): [string, FirewallCounter][] {
  const seen = new Map<string, number>();
  return counters.map((counter) => {
    const text = JSON.stringify([counter.table, counter.chain, counter.rule]);
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return [`${text}#${count}`, counter];
  });
}
