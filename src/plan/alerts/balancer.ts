import type { AlertRule, RuleInput } from './rule.ts';
import { has } from './rule.ts';

/** The load balancer's own view. Alerts about a server carry that server's name as `instance`. */
export function balancer(input: RuleInput): AlertRule[] {
  return has(input, 'balancer') ? [...rules, ...Object.entries(input.lab.sharedAddresses).flatMap(sharedAddress)] : [];
}

const aboutServer = (expression: string): string =>
  `max by (instance) (label_replace(${expression}, "instance", "$1", "server", "(.+)"))`;

const rules: AlertRule[] = [
  {
    alert: 'BackendServerDown',
    expr: aboutServer('haproxy_server_status{proxy="servers",state="DOWN"} == 1'),
    forSeconds: 2,
    severity: 'warning',
    summary: 'The balancer has taken {{ $labels.instance }} out: it fails its health checks',
    description: 'Visitors are served by the other servers, as long as there are any.',
  },
  {
    alert: 'BackendServerOutOfRotation',
    expr: aboutServer(
      '(haproxy_server_status{proxy="servers",state=~"MAINT|DRAIN|NOLB"} == 1) or (haproxy_server_weight{proxy="servers"} == 0)',
    ),
    forSeconds: 4,
    severity: 'warning',
    summary: '{{ $labels.instance }} gets no visitors',
    description: 'It is in maintenance, drained, or has weight 0 at the balancer, whether it is well or not.',
  },
  {
    alert: 'BalancerErrors',
    expr: 'sum by (instance, zone) (rate(haproxy_frontend_http_responses_total{code="5xx",proxy="https"}[10s])) / sum by (instance, zone) (rate(haproxy_frontend_http_responses_total{proxy="https"}[10s])) > 0.05',
    forSeconds: 2,
    severity: 'critical',
    summary: '{{ $value | humanizePercentage }} of the visitors get an error',
    description: '{{ $labels.instance }} has answered more than 5 % of the requests of the last 10 seconds with 5xx.',
  },
  {
    alert: 'BalancerConnectionsNearLimit',
    expr: 'haproxy_process_current_connections / haproxy_process_max_connections > 0.8',
    forSeconds: 4,
    severity: 'warning',
    summary: '{{ $labels.instance }} has used {{ $value | humanizePercentage }} of its connections',
    description: 'Beyond the limit (maxconn), new visitors wait without an answer.',
  },
  {
    alert: 'BalancerConnectionsNearLimit',
    expr: 'haproxy_frontend_limit_sessions{proxy="https"} - haproxy_frontend_current_sessions{proxy="https"} < 100',
    forSeconds: 4,
    severity: 'warning',
    summary: '{{ $labels.instance }} has room for {{ $value }} more visitors',
    description: 'Beyond the limit (maxconn of the frontend), new visitors wait without an answer.',
  },
  {
    alert: 'BalancerConnectionsNearLimit',
    expr: 'haproxy_backend_current_queue{proxy="servers"} > 0',
    forSeconds: 4,
    severity: 'warning',
    summary: '{{ $value }} requests wait at {{ $labels.instance }} for a server',
    description: 'The servers have all the connections that the balancer allows them.',
  },
];

/** By the figures of the balancers that share an address: images/balancer, `haproxy-health`. */
function sharedAddress([name, { among }]: [string, { among: readonly string[] }]): AlertRule[] {
  const those = `instance=~"${among.join('|')}"`;
  const labels = { instance: name };
  return [
    {
      alert: 'SharedAddressUnheld',
      expr: `sum(shared_address_held{${those}}) == 0`,
      forSeconds: 4,
      severity: 'critical',
      labels,
      summary: `No balancer holds the shared address of ${name}`,
      description: `Visitors come to the shared address, and neither HAProxy nor keepalived of ${among.join(' and ')} is well enough to take it.`,
    },
    {
      alert: 'SharedAddressHeldTwice',
      expr: `sum(shared_address_held{${those}}) > 1`,
      // While the address moves, the two may be seen at different moments.
      forSeconds: 6,
      severity: 'critical',
      labels,
      summary: `{{ $value }} balancers hold the shared address of ${name}`,
      description: `${among.join(' and ')} do not hear each other. The address moves to and fro, and connections break.`,
    },
    {
      alert: 'BalancerWithoutPartner',
      expr: `count(shared_address_ready{${those}} == 1) < ${among.length}`,
      // One that is started again is ready sooner.
      forSeconds: 8,
      severity: 'warning',
      labels,
      summary: `Only {{ $value }} of ${among.length} balancers could hold the shared address of ${name}`,
      description:
        'Nobody would take it over: on the other one HAProxy does not answer, keepalived does not run, or all of it is down.',
    },
  ];
}
