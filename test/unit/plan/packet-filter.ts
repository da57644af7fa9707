import { parseAddress, parseSubnet } from '../../../src/plan/ipv4.ts';
import type { Rule } from '../../../src/plan/rules.ts';

/** One packet as a firewall's kernel sees it; `out` is undefined where it ends at the firewall itself. */
export interface Packet {
  in: string;
  out: string | undefined;
  source: string;
  destination: string;
  port: number;
  state: 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID';
  /** A TCP packet that opens a connection. */
  syn: boolean;
}

export type Verdict = 'ACCEPT' | 'DROP';

type Matcher = (packet: Packet) => boolean;

interface CompiledRule {
  matches: Matcher;
  target: string;
}

/**
 * Walks a filter table the way the kernel does: rule by rule, into chains and back, the chain's policy
 * (DROP) at its end. Rate limits are never exceeded here. An option that it does not know throws.
 */
export function packetFilter(rules: readonly Rule[]): (packet: Packet) => Verdict {
  const chains = new Map<string, CompiledRule[]>();
  for (const { chain, match, target } of rules) {
    const compiled = { matches: matcherOf(match), target: target.split(' ')[0] ?? '' };
    chains.set(chain, [...(chains.get(chain) ?? []), compiled]);
  }
  const walk = (chain: string, packet: Packet): Verdict | 'RETURN' => {
    const list = chains.get(chain);
    if (list === undefined) throw new Error(`no chain ${chain}`);
    for (const { matches, target } of list) {
      if (!matches(packet) || target === 'NFLOG') continue;
      if (target === 'ACCEPT' || target === 'DROP' || target === 'RETURN') return target;
      // An answer to the sender; the packet itself goes no further.
      if (target === 'REJECT') return 'DROP';
      const verdict = walk(target, packet);
      if (verdict !== 'RETURN') return verdict;
    }
    return 'RETURN';
  };
  return (packet) => {
    const verdict = walk(packet.out === undefined ? 'INPUT' : 'FORWARD', packet);
    return verdict === 'RETURN' ? 'DROP' : verdict;
  };
}

function matcherOf(match: string): Matcher {
  const words = match === '' ? [] : match.split(' ');
  const matchers: Matcher[] = [];
  const next = (): string => {
    const word = words.shift();
    if (word === undefined) throw new Error(`cut off: ${match}`);
    return word;
  };
  while (words.length > 0) {
    const option = next();
    if (option === '-m') {
      const module = next();
      if (module === 'limit' || module === 'hashlimit') {
        matchers.push(() => module === 'limit');
        while (words[0]?.startsWith('--limit') || words[0]?.startsWith('--hashlimit')) words.splice(0, 2);
      } else if (module !== 'conntrack') throw new Error(`unknown module ${module}`);
    } else matchers.push(matcher(option, next));
  }
  return (packet) => matchers.every((matches) => matches(packet));
}

function matcher(option: string, next: () => string): Matcher {
  switch (option) {
    case '-i': {
      const name = next();
      return (packet) => packet.in === name;
    }
    case '-o': {
      const name = next();
      return (packet) => packet.out === name;
    }
    case '-s': {
      const subnet = asSubnet(next());
      return ({ source }) => contains(subnet, source);
    }
    case '-d': {
      const subnet = asSubnet(next());
      return ({ destination }) => contains(subnet, destination);
    }
    case '-p':
      if (next() !== 'tcp') throw new Error('only TCP is known here');
      return () => true;
    case '--dport': {
      const port = Number(next());
      return (packet) => packet.port === port;
    }
    case '--ctstate': {
      const states = next().split(',');
      return ({ state }) => states.includes(state);
    }
    case '--syn':
      return ({ syn }) => syn;
    case '!':
      if (next() !== '--syn') throw new Error('only ! --syn is known');
      return ({ syn }) => !syn;
    default:
      throw new Error(`unknown option ${option}`);
  }
}

function asSubnet(text: string): string {
  return text.includes('/') ? text : `${text}/32`;
}

const range = remembered((subnet: string) => {
  const { base, prefix } = parseSubnet(subnet);
  return { base, end: base + 2 ** (32 - prefix) };
});
const number = remembered(parseAddress);

/** Whether an address lies in a subnet. The same few are asked about again and again. */
export function contains(subnet: string, address: string): boolean {
  const { base, end } = range(subnet);
  const value = number(address);
  return value >= base && value < end;
}

function remembered<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? work(text);
    known.set(text, value);
    return value;
  };
}
