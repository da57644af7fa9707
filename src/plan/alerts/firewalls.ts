import type { AlertRule, RuleInput } from './rule.ts';
import { has } from './rule.ts';

/** The firewalls: as the lab made them, and what they turn away. */
export function firewalls(input: RuleInput): AlertRule[] {
  return has(input, 'firewall') ? rules : [];
}

const rules: AlertRule[] = [
  {
    alert: 'FirewallRulesChanged',
    expr: 'firewall_rules_as_emitted{family="ipv4"} == 0',
    // `lab why` traces with a rule of its own for a moment.
    forSeconds: 4,
    severity: 'critical',
    summary: 'Somebody has changed the rules of {{ $labels.instance }}',
    description: 'The rules in force are not those that the lab emitted.',
  },
  {
    alert: 'FirewallOpenByDefault',
    expr: 'min by (instance, zone) (firewall_policy_drop{family="ipv4"}) == 0',
    forSeconds: 0,
    severity: 'critical',
    summary: '{{ $labels.instance }} does not deny by default',
    description: 'The policy of INPUT or FORWARD is ACCEPT: what no rule decides on passes.',
  },
  {
    alert: 'ForwardingOff',
    expr: 'firewall_forwarding == 0',
    forSeconds: 0,
    severity: 'critical',
    summary: '{{ $labels.instance }} passes nothing on',
    description: 'net.ipv4.ip_forward is 0: the zones behind it are cut off.',
  },
  {
    alert: 'Ipv6Open',
    expr: 'min by (instance, zone) (firewall_policy_drop{family="ipv6"}) == 0 or min by (instance, zone) (firewall_rules_as_emitted{family="ipv6"}) == 0',
    forSeconds: 2,
    severity: 'critical',
    summary: '{{ $labels.instance }} is not closed to IPv6',
    description:
      'A policy or the rules of ip6tables are not those that the lab emitted: everything over IPv6 is to be denied.',
  },
  {
    alert: 'PortScan',
    expr: 'increase(firewall_port_scans_total[30s]) > 0',
    forSeconds: 0,
    severity: 'warning',
    summary: 'Somebody scans ports through {{ $labels.instance }}',
    description:
      'One source was denied ten different doors within ten seconds. The log of {{ $labels.instance }} says which (SRC).',
  },
  {
    alert: 'DeniedFlows',
    expr: 'sum by (instance, zone) (rate(firewall_rule_packets_total{action="drop"}[10s])) > 3',
    forSeconds: 2,
    severity: 'info',
    summary: '{{ $labels.instance }} turns away {{ $value | humanize }} packets a second',
    description: 'Somebody asks for what no flow allows, or a flow is missing that somebody needs.',
  },
];
