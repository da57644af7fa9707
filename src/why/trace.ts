/** What became of a packet at one rule, or at the policy of a chain. */
export interface TraceStep {
  table: string;
  chain: string;
  /** The rule as `iptables-save` writes it, without its table and chain; `null` for the policy. */
  rule: string | null;
  /** `ACCEPT`, `DROP`, `CONTINUE`, `RETURN`, or `JUMP` with the chain it leads to. */
  verdict: string;
  /** The chain that a rule leads to. */
  target?: string;
}

/** One packet on its way through one firewall. */
export interface TracedPacket {
  /** Interfaces, as far as it came: no `out` before it is routed, no `in` for what the firewall says itself. */
  in?: string;
  out?: string;
  source: string;
  destination: string;
  /** Its destination when it was last seen: another one, if it was rewritten on its way. */
  leaves: string;
  ttl: number;
  sport: number;
  dport: number;
  flags: string[];
  steps: TraceStep[];
}

/**
 * Reads what `xtables-monitor --trace` prints (xtables-monitor(8)): a `PACKET:` line at every hook, and a `TRACE:` line for
 * every rule that held. Packets come in the order in which they were first seen.
 */
export function parseTrace(text: string): TracedPacket[] {
  const all: TracedPacket[] = [];
  // The kernel gives an id again as soon as a packet is gone: it is the same one only while its own marks are.
  const current = new Map<string, { marks: string; packet: TracedPacket }>();
  for (const line of text.split('\n')) {
    const [, kind, id, rest = ''] = /^\s*(PACKET|TRACE): \d+ ([0-9a-f]+) (.*)$/.exec(line) ?? [];
    if (kind === undefined || id === undefined) continue;
    const known = current.get(id);
    if (kind === 'TRACE') {
      known?.packet.steps.push(...stepOf(rest));
      continue;
    }
    const marks = marksOf(rest);
    if (known?.marks === marks) furtherOn(known.packet, rest);
    else {
      const packet = firstSeen(rest);
      current.set(id, { marks, packet });
      all.push(packet);
    }
  }
  return all;
}

/** What does not change on the way, unless an address is rewritten. */
function marksOf(rest: string): string {
  return ['ID', 'SPORT', 'LEN'].map((key) => valueOf(rest, key) ?? '').join(' ') + flagsOf(rest).join(' ');
}

function valueOf(rest: string, key: string): string | undefined {
  return new RegExp(`(?:^| )${key}=(\\S+)`).exec(rest)?.[1];
}

function flagsOf(rest: string): string[] {
  return rest.match(/\b(SYN|ACK|RST|FIN)\b/g) ?? [];
}

function furtherOn(packet: TracedPacket, rest: string): void {
  const out = valueOf(rest, 'OUT');
  packet.leaves = valueOf(rest, 'DST') ?? packet.leaves;
  if (out !== undefined) packet.out = out;
}

function firstSeen(rest: string): TracedPacket {
  const [input, out] = [valueOf(rest, 'IN'), valueOf(rest, 'OUT')];
  const destination = valueOf(rest, 'DST') ?? '';
  return {
    ...(input === undefined ? {} : { in: input }),
    ...(out === undefined ? {} : { out }),
    source: valueOf(rest, 'SRC') ?? '',
    destination,
    leaves: destination,
    ttl: Number(valueOf(rest, 'TTL') ?? 0),
    sport: Number(valueOf(rest, 'SPORT') ?? 0),
    dport: Number(valueOf(rest, 'DPORT') ?? 0),
    flags: flagsOf(rest),
    steps: [],
  };
}

/** NFT_RETURN, which this tool prints as a number (linux/netfilter/nf_tables.h: -5). */
const returned = '0xfffffffb';

function stepOf(rest: string): TraceStep[] {
  const [, table = '', chain = '', kind, tail = '', text = ''] =
    /^([a-z]+):(\S+?):(rule|policy|return):(\S*)\s*(.*)$/.exec(rest.trim()) ?? [];
  if (kind === undefined || kind === 'return') return [];
  if (kind === 'policy') return [{ table, chain, rule: null, verdict: tail }];
  const [, said = '', target] = /^0x[0-9a-f]+:([^:]+)(?::(.+))?$/.exec(tail) ?? [];
  const rule = text.replace(/^ip6?tables -t \S+ -A \S+ ?/, '').trim();
  return [
    { table, chain, rule, verdict: said === returned ? 'RETURN' : said, ...(target === undefined ? {} : { target }) },
  ];
}
