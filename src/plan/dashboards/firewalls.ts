import type { Lab } from '../../lab/schema.ts';
import { servicesOf } from '../context.ts';
import type { Page } from './page.ts';
import { figure, graph, list, state, window } from './part.ts';

const chosen = 'instance=~"$firewall"';
const packets = 'firewall_rule_packets_total';

/** The firewalls: as the lab made them, what they pass, and whom they turn away. */
export function firewalls(lab: Lab): Page | undefined {
  const names = servicesOf(lab, 'firewall');
  if (names.length === 0) return undefined;
  const edge = lab.zones['edge']?.router;
  return {
    uid: 'lab-firewalls',
    title: 'Firewalls',
    question: 'Do the firewalls do what the policy says, and whom do they turn away?',
    look: 'All tiles are green in a lab as it was made. `denied` that rises is somebody who asks for what no flow allows, or a flow that is missing: `lab why` tells which. `spoofed` and `invalid` are 0 among honest people.',
    choice: { name: 'firewall', of: names },
    sections: [
      {
        title: 'As the lab made them',
        lines: [
          [
            state(
              { title: 'Rules', about: 'Whether the rules in force, IPv4 and IPv6, are those that the lab emitted.' },
              [[`min by (instance) (firewall_rules_as_emitted{${chosen}})`, '{{instance}}']],
              ['as emitted', 'changed'],
            ),
            state(
              { title: 'By default', about: 'The policy of INPUT and FORWARD, IPv4 and IPv6.' },
              [[`min by (instance) (firewall_policy_drop{${chosen}})`, '{{instance}}']],
              ['denies', 'open'],
            ),
            state(
              { title: 'Forwarding', about: 'net.ipv4.ip_forward: without it the zones behind are cut off.' },
              [[`firewall_forwarding{${chosen}}`, '{{instance}}']],
              ['on', 'off'],
            ),
            figure(
              {
                title: 'Port scans',
                about: 'In the time that is shown: one source was denied ten different doors within ten seconds.',
              },
              [[`round(sum by (instance) (increase(firewall_port_scans_total{${chosen}}[$__range])))`, '{{instance}}']],
              ['green', [1, 'orange']],
            ),
          ],
        ],
      },
      {
        title: 'Passed',
        lines: [
          [
            graph(
              {
                title: 'New conversations, by flow',
                about: 'Each flow of the policy has a rule, which counts the first packet of a conversation.',
                unit: 'pps',
              },
              [
                [
                  `sum by (instance, rule) (rate(${packets}{action="accept",${chosen},rule=~"flow:.+"}[${window}]))`,
                  '{{instance}} {{rule}}',
                ],
              ],
            ),
            graph(
              {
                title: 'Packets of conversations under way',
                about: 'What the rule ESTABLISHED lets through, answers among it.',
                unit: 'pps',
              },
              [
                [
                  `sum by (instance) (rate(${packets}{action="accept",${chosen},rule="established"}[${window}]))`,
                  '{{instance}}',
                ],
              ],
            ),
          ],
          [
            graph(
              {
                title: 'Traffic, by zone',
                about: 'What comes into each firewall from each of its zones.',
                unit: 'bps',
              },
              [
                [
                  `8 * sum by (instance, device) (rate(node_network_receive_bytes_total{device!="lo",${chosen}}[${window}]))`,
                  '{{instance}} from {{device}}',
                ],
              ],
            ),
            ...(edge !== undefined && Object.keys(lab.endpoints).length > 0
              ? [
                  graph(
                    {
                      title: 'Sent on from the host',
                      about: `New conversations with what ${edge} publishes, by endpoint.`,
                      unit: 'pps',
                    },
                    [[`sum by (rule) (rate(${packets}{action="nat",instance="${edge}"}[${window}]))`, '{{rule}}']],
                  ),
                ]
              : []),
          ],
        ],
      },
      {
        title: 'Turned away',
        lines: [
          [
            graph(
              {
                title: 'Dropped packets, by reason',
                about:
                  'denied: no flow allows it. spoofed: the source cannot come from there. invalid, stray: of no conversation. flood: too many new ones from one visitor.',
                unit: 'pps',
              },
              [
                [
                  `sum by (instance, rule) (rate(${packets}{action="drop",${chosen}}[${window}]))`,
                  '{{instance}} {{rule}}',
                ],
              ],
              { limit: 3 },
            ),
            list(
              {
                title: 'Dropped since the firewall’s start',
                about: 'INPUT is what was meant for the firewall itself.',
              },
              `sort_desc(sum by (instance, chain, rule, family) (${packets}{action="drop",${chosen}}))`,
              ['instance', 'chain', 'rule', 'family'],
              'packets',
            ),
          ],
        ],
      },
    ],
  };
}
