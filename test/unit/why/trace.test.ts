import { expect, test } from 'vitest';
import { onTheWay, hopOf } from '../../../src/why/hops.ts';
import { parseTrace } from '../../../src/why/trace.ts';
import type { Watched } from '../../../src/why/watch.ts';

const packet = (id: string, rest: string): string => `PACKET: 2 ${id} ${rest} `;
const common = 'MACSRC=2:42:a:4d:1:64 MACDST=2:42:a:4d:1:62 MACPROTO=0800';

// As xtables-monitor 1.8.11 printed it on fw-app: a SYN to a port that no flow names, then an ACK with the same id.
const dropped = [
  packet(
    '5e4802bc',
    `IN=web ${common} SRC=10.77.1.100 DST=10.77.1.132 LEN=60 TOS=0x0 TTL=64 ID=62824 DF SPORT=23456 DPORT=22 SYN`,
  ),
  ' TRACE: 2 5e4802bc raw:PREROUTING:rule:0x3:CONTINUE  iptables -t raw -A PREROUTING -p tcp -m tcp --sport 23456 -m comment --comment "lab why" -j TRACE',
  ' TRACE: 2 5e4802bc raw:PREROUTING:policy:ACCEPT ',
  packet(
    '5e4802bc',
    `IN=web OUT=core ${common} SRC=10.77.1.100 DST=10.77.1.132 LEN=60 TOS=0x0 TTL=63 ID=62824 DF SPORT=23456 DPORT=22 SYN`,
  ),
  ' TRACE: 2 5e4802bc filter:FORWARD:rule:0x27:JUMP:from-web  iptables -t filter -A FORWARD -i web -m comment --comment "source addresses of web" -j from-web',
  ' TRACE: 2 5e4802bc filter:from-web:rule:0xb:0xfffffffb  iptables -t filter -A from-web -s 10.77.1.96/27 -m comment --comment "web is behind it" -j RETURN',
  ' TRACE: 2 5e4802bc filter:FORWARD:rule:0x3c:JUMP:denied  iptables -t filter -A FORWARD -m comment --comment "no flow allows it" -j denied',
  ' TRACE: 2 5e4802bc filter:denied:rule:0x47:CONTINUE  iptables -t filter -A denied -j NFLOG --nflog-prefix "denied " --nflog-group 1',
  ' TRACE: 2 5e4802bc filter:denied:rule:0x48:DROP  iptables -t filter -A denied -m comment --comment "drop denied" -j DROP',
  packet(
    '5e4802bc',
    `IN=web ${common} SRC=10.77.1.100 DST=10.77.1.132 LEN=52 TOS=0x0 TTL=64 ID=62825 DF SPORT=23456 DPORT=22 ACK`,
  ),
  ' TRACE: 2 5e4802bc raw:PREROUTING:policy:ACCEPT ',
].join('\n');

const watched = (text: string, firewall = 'fw-app'): Watched => ({
  firewall,
  packets: parseTrace(text),
  before: [],
  after: [],
  forwarding: true,
  routes: '',
  neighbours: '',
});

test('a packet is followed from hook to hook, and another with its id is another', () => {
  const packets = parseTrace(dropped);
  expect(packets).toHaveLength(2);
  expect(packets[0]).toMatchObject({
    in: 'web',
    out: 'core',
    source: '10.77.1.100',
    destination: '10.77.1.132',
    ttl: 64,
    sport: 23456,
    dport: 22,
    flags: ['SYN'],
  });
  expect(packets[0]?.steps.map(({ chain, verdict, target }) => `${chain} ${verdict} ${target ?? ''}`.trim())).toEqual([
    'PREROUTING CONTINUE',
    'PREROUTING ACCEPT',
    'FORWARD JUMP from-web',
    'from-web RETURN',
    'FORWARD JUMP denied',
    'denied CONTINUE',
    'denied DROP',
  ]);
  expect(packets[0]?.steps.at(-1)?.rule).toBe('-m comment --comment "drop denied" -j DROP');
});

test('the rule that decided is told with those that led to it, and not those that came back', () => {
  const one = watched(dropped);
  const hop = hopOf(one, one.packets[0] ?? expect.unreachable(), 'request', () => undefined);
  expect(hop).toMatchObject({ outcome: 'dropped', decision: { chain: 'denied', verdict: 'DROP' }, rewritten: null });
  expect(hop.via.map(({ rule }) => rule)).toEqual(['-m comment --comment "no flow allows it" -j denied']);
});

test.each([
  ['came in and went nowhere', 'IN=web', ' TRACE: 2 1 raw:PREROUTING:policy:ACCEPT ', 'lost'],
  ['ended at the firewall', 'IN=web', ' TRACE: 2 1 filter:INPUT:policy:ACCEPT ', 'delivered'],
  ['was passed on by a policy', 'IN=web OUT=core', ' TRACE: 2 1 filter:FORWARD:policy:ACCEPT ', 'forwarded'],
  ['was said by the firewall itself', 'OUT=core', ' TRACE: 2 1 filter:OUTPUT:policy:ACCEPT ', 'sent'],
  [
    'was refused',
    'IN=web OUT=core',
    ' TRACE: 2 1 filter:FORWARD:rule:0x1:DROP  iptables -t filter -A FORWARD -j REJECT --reject-with tcp-reset',
    'rejected',
  ],
  ['met policy DROP', 'IN=web OUT=core', ' TRACE: 2 1 filter:FORWARD:policy:DROP ', 'dropped'],
])('a packet that %s', (_, interfaces, step, outcome) => {
  const one = watched(
    `${packet('1', `${interfaces} SRC=1.1.1.1 DST=2.2.2.2 TTL=64 ID=1 SPORT=1 DPORT=2 SYN`)}\n${step}`,
  );
  expect(hopOf(one, one.packets[0] ?? expect.unreachable(), 'request', () => undefined).outcome).toBe(outcome);
});

test('firewalls stand in the order of the way', () => {
  const at = (firewall: string, ttl: number, input = 'IN=core'): Watched =>
    watched(packet('1', `${input} SRC=1.1.1.1 DST=2.2.2.2 TTL=${ttl} ID=1 SPORT=1 DPORT=2 SYN`), firewall);
  const order = (list: Watched[]): string[] => onTheWay(list, () => true).map(([{ firewall }]) => firewall);
  expect(order([at('second', 63), at('first', 64)])).toEqual(['first', 'second']);
  expect(order([at('second', 64), at('first', 64, 'OUT=core')])).toEqual(['first', 'second']);
});
