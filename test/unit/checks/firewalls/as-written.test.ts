import { expect, it } from 'vitest';
import { differences, rulesIn } from '../../../../src/checks/firewalls/as-written.ts';

const saved = (rule: string): string => `family ipv4
*raw
:PREROUTING ACCEPT [0:0]
COMMIT
*filter
:FORWARD DROP [3:180]
[7:420] -A FORWARD -i web -j ACCEPT
${rule}COMMIT
family ipv6
*filter
:FORWARD DROP [0:0]
COMMIT
`;

it('reads rules and policies of both families, without counters and tables that say nothing', () => {
  expect(rulesIn(saved(''))).toEqual([
    'ipv4 filter FORWARD policy DROP',
    'ipv4 filter FORWARD -i web -j ACCEPT',
    'ipv6 filter FORWARD policy DROP',
  ]);
});

it('lets the trace of lab why pass', () => {
  expect(
    rulesIn(
      saved('').replace(
        ':PREROUTING ACCEPT [0:0]\n',
        ':PREROUTING ACCEPT [0:0]\n[0:0] -A PREROUTING -s 10.0.0.1/32 -j TRACE\n',
      ),
    ),
  ).toEqual(rulesIn(saved('')));
});

it('tells a rule more, a rule less, another policy, and another order', () => {
  const before = rulesIn(saved('[0:0] -A FORWARD -i data -j DROP\n'));
  expect(differences(before, before)).toEqual([]);
  expect(differences(before, rulesIn(saved('')))).toEqual(['missing: ipv4 filter FORWARD -i data -j DROP']);
  expect(differences(rulesIn(saved('')), before)).toEqual(['not written: ipv4 filter FORWARD -i data -j DROP']);
  expect(differences(before, [...before].reverse())).toEqual(['the rules are in another order, or twice there']);
  expect(
    differences(before, rulesIn(saved('[0:0] -A FORWARD -i data -j DROP\n').replace('FORWARD DROP', 'FORWARD ACCEPT'))),
  ).toHaveLength(2);
});
