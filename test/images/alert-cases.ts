/** A case of an alert: series from 0 s on, one value a second in promtool's notation, and when the alert must be firing. */
export interface AlertCase {
  alert: string;
  /** Labels that the alert must carry. */
  labels: Readonly<Record<string, string>>;
  /** Series that make it fire. */
  firing: Readonly<Record<string, string>>;
  /** Nearly the same, under which it must not. */
  quiet: Readonly<Record<string, string>>;
  /** Default: 60 s. */
  atSeconds?: number;
}

const always = (value: number): string => `${value}x400`;
const rising = (perSecond: number): string => `0+${perSecond}x400`;
const site = (name: string): string => `probe_success{job="site",instance="${name}",target="t"}`;
const up = (service: string, job = 'node', zone = 'web'): string =>
  `up{job="${job}",instance="${service}",zone="${zone}"}`;
const at = (service: string, job: string): string => `job="${job}",instance="${service}",zone="z"`;
const of = (service: string): Record<string, string> => ({ instance: service });
const figure = (name: string, value: number, service: string, labels = ''): Record<string, string> => ({
  [`${name}{${at(service, 'node')}${labels === '' ? '' : `,${labels}`}}`]: always(value),
});
const haproxy = (name: string, labels: string): string => `haproxy_${name}{${at('balancer', 'haproxy')},${labels}}`;
const responses = (code: string, perSecond: number): Record<string, string> => ({
  [haproxy('frontend_http_responses_total', `proxy="https",code="${code}"`)]: rising(perSecond),
});
const mysql = (name: string, value: number, service: string): Record<string, string> => ({
  [`mysql_${name}{${at(service, 'mysql')}}`]: always(value),
});
const requests = (status: string, perSecond: number): Record<string, string> => ({
  [`http_requests_total{${at('web1', 'application')},route="/",method="GET",status="${status}"}`]: rising(perSecond),
});
const durations = (quick: number, all: number): Record<string, string> => {
  const labels = `${at('web1', 'application')},route="/",method="GET",status="200"`;
  return {
    [`http_request_duration_seconds_bucket{${labels},le="0.25"}`]: rising(quick),
    [`http_request_duration_seconds_bucket{${labels},le="0.5"}`]: rising(all),
    [`http_request_duration_seconds_bucket{${labels},le="+Inf"}`]: rising(all),
    [`http_request_duration_seconds_count{${labels}}`]: rising(all),
  };
};
const serverIs = (state: string): Record<string, string> => ({
  [haproxy('server_status', `proxy="servers",server="web1",state="${state}"`)]: always(1),
});

/** At least one case for every alert of every lab. */
export const alertCases: readonly AlertCase[] = [
  {
    alert: 'ServerDown',
    labels: of('web1'),
    firing: { [up('web1')]: '0x400', [up('web1', 'nginx')]: '0x400' },
    quiet: { [up('web1')]: '0x400', [up('web1', 'nginx')]: always(1) },
  },
  {
    alert: 'TargetDown',
    labels: { ...of('web1'), job: 'nginx' },
    firing: { [up('web1')]: always(1), [up('web1', 'nginx')]: '0x400' },
    // For less than its 6 s.
    quiet: { [up('web1')]: always(1), [up('web1', 'nginx')]: '1x56 0x400' },
  },
  {
    alert: 'TargetDown',
    labels: { ...of('fw-app'), file: '/run/textfile/firewall.prom' },
    firing: figure('node_textfile_mtime_seconds', 1, 'fw-app', 'file="/run/textfile/firewall.prom"'),
    quiet: figure('node_textfile_mtime_seconds', 1, 'fw-app', 'file="/run/textfile/port-scans.prom"'),
  },
  {
    alert: 'TargetMissing',
    labels: of('prometheus'),
    firing: { [up('web1')]: always(1) },
    quiet: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [up(`server${index}`), always(1)])),
  },
  {
    alert: 'SiteDown',
    labels: of('site'),
    firing: { [site('site')]: always(0), [site('unverified')]: always(0) },
    quiet: { [site('site')]: always(0), [site('unverified')]: always(1) },
  },
  {
    alert: 'CertificateEndsSoon',
    labels: of('site'),
    firing: { 'probe_ssl_earliest_cert_expiry{job="site",instance="unverified",target="t"}': always(6 * 86_400) },
    quiet: { 'probe_ssl_earliest_cert_expiry{job="site",instance="unverified",target="t"}': always(8 * 86_400) },
  },
  ...[
    { alert: 'CertificateUntrusted', probe: 'site' },
    { alert: 'RedirectBroken', probe: 'redirect' },
    { alert: 'HstsMissing', probe: 'hsts' },
  ].map(({ alert, probe }) => ({
    alert,
    labels: of(probe),
    firing: { [site(probe)]: always(0), [site('unverified')]: always(1) },
    // Then it is the site that is down.
    quiet: { [site(probe)]: always(0), [site('unverified')]: always(0) },
  })),
  {
    alert: 'OldTlsAccepted',
    labels: of('old-tls'),
    firing: { [site('old-tls')]: always(1) },
    quiet: { [site('old-tls')]: always(0) },
  },
  {
    alert: 'OldTlsHandshakes',
    labels: of('balancer'),
    firing: { [`tls_old_handshakes_total{${at('balancer', 'node')},result="refused"}`]: rising(1) },
    quiet: { [`tls_old_handshakes_total{${at('balancer', 'node')},result="refused"}`]: '0x50 1x400' },
  },
  { alert: 'BackendServerDown', labels: of('web1'), firing: serverIs('DOWN'), quiet: serverIs('UP') },
  { alert: 'BackendServerOutOfRotation', labels: of('web1'), firing: serverIs('MAINT'), quiet: serverIs('UP') },
  {
    alert: 'BackendServerOutOfRotation',
    labels: of('web1'),
    firing: { [haproxy('server_weight', 'proxy="servers",server="web1"')]: always(0) },
    quiet: { [haproxy('server_weight', 'proxy="servers",server="web1"')]: always(1) },
  },
  {
    alert: 'BalancerErrors',
    labels: of('balancer'),
    firing: { ...responses('5xx', 1), ...responses('2xx', 10) },
    quiet: { ...responses('5xx', 1), ...responses('2xx', 100) },
  },
  {
    alert: 'BalancerConnectionsNearLimit',
    labels: of('balancer'),
    firing: {
      [haproxy('process_current_connections', 'process="1"')]: always(90),
      [haproxy('process_max_connections', 'process="1"')]: always(100),
    },
    quiet: {
      [haproxy('process_current_connections', 'process="1"')]: always(70),
      [haproxy('process_max_connections', 'process="1"')]: always(100),
    },
  },
  {
    alert: 'BalancerConnectionsNearLimit',
    labels: of('balancer'),
    firing: {
      [haproxy('frontend_current_sessions', 'proxy="https"')]: always(950),
      [haproxy('frontend_limit_sessions', 'proxy="https"')]: always(1000),
    },
    quiet: {
      [haproxy('frontend_current_sessions', 'proxy="https"')]: always(850),
      [haproxy('frontend_limit_sessions', 'proxy="https"')]: always(1000),
    },
  },
  {
    alert: 'BalancerConnectionsNearLimit',
    labels: of('balancer'),
    firing: { [haproxy('backend_current_queue', 'proxy="servers"')]: always(3) },
    quiet: { [haproxy('backend_current_queue', 'proxy="servers"')]: always(0) },
  },
  // The two of `scaled-up`.
  {
    alert: 'SharedAddressUnheld',
    labels: of('balancer'),
    firing: { ...figure('shared_address_held', 0, 'balancer1'), ...figure('shared_address_held', 0, 'balancer2') },
    quiet: { ...figure('shared_address_held', 1, 'balancer1'), ...figure('shared_address_held', 0, 'balancer2') },
  },
  {
    alert: 'SharedAddressHeldTwice',
    labels: of('balancer'),
    firing: { ...figure('shared_address_held', 1, 'balancer1'), ...figure('shared_address_held', 1, 'balancer2') },
    quiet: { ...figure('shared_address_held', 0, 'balancer1'), ...figure('shared_address_held', 1, 'balancer2') },
  },
  {
    alert: 'BalancerWithoutPartner',
    labels: of('balancer'),
    firing: { ...figure('shared_address_ready', 1, 'balancer1'), ...figure('shared_address_ready', 0, 'balancer2') },
    quiet: { ...figure('shared_address_ready', 1, 'balancer1'), ...figure('shared_address_ready', 1, 'balancer2') },
  },
  {
    // One that is down gives no figures.
    alert: 'BalancerWithoutPartner',
    labels: of('balancer'),
    firing: figure('shared_address_ready', 1, 'balancer1'),
    quiet: { ...figure('shared_address_ready', 1, 'balancer1'), ...figure('shared_address_ready', 1, 'balancer2') },
  },
  {
    alert: 'NginxDown',
    labels: of('web1'),
    firing: { [`nginx_up{${at('web1', 'nginx')}}`]: always(0) },
    quiet: { [`nginx_up{${at('web1', 'nginx')}}`]: always(1) },
  },
  {
    alert: 'ApacheDown',
    labels: of('web2'),
    firing: { [`apache_up{${at('web2', 'apache')}}`]: always(0) },
    quiet: { [`apache_up{${at('web2', 'apache')}}`]: always(1) },
  },
  {
    alert: 'CaddyDown',
    labels: of('web3'),
    firing: { [up('web3', 'caddy')]: always(0) },
    quiet: { [up('web3', 'caddy')]: always(1) },
  },
  {
    alert: 'ApplicationDown',
    labels: of('web1'),
    firing: { [up('web1', 'application')]: always(0) },
    quiet: { [up('web1', 'application')]: always(1) },
  },
  {
    alert: 'ApplicationDown',
    labels: of('web1'),
    firing: { [`nginx_up{${at('web1', 'nginx')}}`]: always(1), ...serverIs('DOWN') },
    quiet: { [`nginx_up{${at('web1', 'nginx')}}`]: always(0), ...serverIs('DOWN') },
  },
  {
    alert: 'ApplicationErrors',
    labels: of('web1'),
    firing: { ...requests('500', 1), ...requests('200', 10) },
    quiet: { ...requests('404', 1), ...requests('200', 10) },
  },
  { alert: 'ApplicationSlow', labels: of('web1'), firing: durations(8, 10), quiet: durations(10, 10) },
  {
    alert: 'ApplicationSlow',
    labels: of('site'),
    firing: { [site('site')]: always(1), 'probe_duration_seconds{job="site",instance="site",target="t"}': always(0.5) },
    quiet: { [site('site')]: always(0), 'probe_duration_seconds{job="site",instance="site",target="t"}': always(0.5) },
  },
  {
    alert: 'MemoryNearLimit',
    labels: of('web1'),
    firing: {
      ...figure('container_memory_working_set_bytes', 95, 'web1'),
      ...figure('container_memory_limit_bytes', 100, 'web1'),
    },
    quiet: {
      ...figure('container_memory_working_set_bytes', 85, 'web1'),
      ...figure('container_memory_limit_bytes', 100, 'web1'),
    },
  },
  {
    alert: 'DiskNearlyFull',
    labels: { ...of('web1'), mountpoint: '/run' },
    firing: {
      ...figure('node_filesystem_avail_bytes', 5, 'web1', 'fstype="tmpfs",mountpoint="/run"'),
      ...figure('node_filesystem_size_bytes', 100, 'web1', 'fstype="tmpfs",mountpoint="/run"'),
    },
    // The machine's own disk is none of the lab's.
    quiet: {
      ...figure('node_filesystem_avail_bytes', 5, 'web1', 'fstype="ext4",mountpoint="/var"'),
      ...figure('node_filesystem_size_bytes', 100, 'web1', 'fstype="ext4",mountpoint="/var"'),
    },
  },
  {
    alert: 'ClockSkew',
    labels: of('web1'),
    firing: { [`app_clock_seconds{${at('web1', 'application')}}`]: '5+1x400' },
    quiet: { [`app_clock_seconds{${at('web1', 'application')}}`]: '1+1x400' },
  },
  {
    alert: 'FileIntegrity',
    labels: { ...of('web1'), state: 'changed' },
    firing: figure('file_integrity_files', 1, 'web1', 'state="changed"'),
    quiet: figure('file_integrity_files', 0, 'web1', 'state="changed"'),
  },
  {
    alert: 'FileIntegrity',
    labels: of('web1'),
    firing: figure('file_integrity_up', 0, 'web1'),
    quiet: figure('file_integrity_up', 1, 'web1'),
  },
  {
    alert: 'DatabaseDown',
    labels: of('db-primary'),
    firing: mysql('up', 0, 'db-primary'),
    quiet: mysql('up', 1, 'db-primary'),
  },
  {
    alert: 'DatabaseGroupMemberLost',
    labels: of('db2'),
    firing: figure('mysql_group_member_online', 0, 'db2'),
    quiet: figure('mysql_group_member_online', 1, 'db2'),
  },
  {
    alert: 'DatabaseGroupWithoutPrimary',
    labels: {},
    firing: { ...figure('mysql_group_primary', 0, 'db1'), ...figure('mysql_group_primary', 0, 'db2') },
    quiet: { ...figure('mysql_group_primary', 0, 'db1'), ...figure('mysql_group_primary', 1, 'db2') },
  },
  {
    alert: 'DatabaseGroupSplit',
    labels: {},
    firing: { ...figure('mysql_group_primary', 1, 'db1'), ...figure('mysql_group_primary', 1, 'db2') },
    quiet: { ...figure('mysql_group_primary', 0, 'db1'), ...figure('mysql_group_primary', 1, 'db2') },
  },
  {
    alert: 'DatabaseGroupMemberWritable',
    labels: of('db2'),
    firing: figure('mysql_group_writable_secondary', 1, 'db2'),
    quiet: figure('mysql_group_writable_secondary', 0, 'db2'),
  },
  {
    alert: 'ConnectionsNearLimit',
    labels: of('db-primary'),
    firing: figure('mysql_connections_used_ratio', 0.9, 'db-primary'),
    quiet: figure('mysql_connections_used_ratio', 0.3, 'db-primary'),
  },
  {
    alert: 'ConnectionsNearLimit',
    labels: of('db-primary'),
    firing: {
      [`mysql_global_status_connection_errors_total{${at('db-primary', 'mysql')},error="max_connections"}`]:
        '0x50 1x400',
    },
    quiet: {
      [`mysql_global_status_connection_errors_total{${at('db-primary', 'mysql')},error="accept"}`]: '0x50 1x400',
    },
  },
  {
    alert: 'TlsNotRequired',
    labels: of('db-primary'),
    firing: figure('mysql_tls_required', 0, 'db-primary'),
    quiet: figure('mysql_tls_required', 1, 'db-primary'),
  },
  {
    alert: 'UnexpectedAccount',
    labels: of('db-primary'),
    firing: figure('mysql_accounts_unexpected', 2, 'db-primary'),
    quiet: figure('mysql_accounts_unexpected', 0, 'db-primary'),
  },
  {
    alert: 'LoginFailures',
    labels: of('db-primary'),
    firing: { [`mysql_global_status_aborted_connects{${at('db-primary', 'mysql')}}`]: rising(1) },
    quiet: { [`mysql_global_status_aborted_connects{${at('db-primary', 'mysql')}}`]: '0x40 2x400' },
  },
  ...['io', 'sql'].map((thread) => ({
    alert: 'ReplicationStopped',
    labels: of('db-replica'),
    firing: mysql(`slave_status_replica_${thread}_running`, 0, 'db-replica'),
    quiet: mysql(`slave_status_replica_${thread}_running`, 1, 'db-replica'),
  })),
  {
    alert: 'ReplicationLag',
    labels: of('db-replica'),
    firing: figure('mysql_replication_lag_seconds', 3, 'db-replica'),
    quiet: figure('mysql_replication_lag_seconds', 1, 'db-replica'),
  },
  ...['super_read_only', 'read_only'].map((variable) => ({
    alert: 'ReplicaWritable',
    labels: of('db-replica'),
    firing: mysql(`global_variables_${variable}`, 0, 'db-replica'),
    // The primary is there to be written to.
    quiet: mysql(`global_variables_${variable}`, 0, 'db-primary'),
  })),
  ...['global_status_rpl_semi_sync_source_status', 'global_status_rpl_semi_sync_source_clients'].map((metric) => ({
    alert: 'SemisynchronousOff',
    labels: of('db-primary'),
    firing: mysql(metric, 0, 'db-primary'),
    quiet: mysql(metric, 1, 'db-primary'),
  })),
  {
    alert: 'FirewallRulesChanged',
    labels: of('fw-app'),
    firing: figure('firewall_rules_as_emitted', 0, 'fw-app', 'family="ipv4"'),
    quiet: figure('firewall_rules_as_emitted', 1, 'fw-app', 'family="ipv4"'),
  },
  {
    alert: 'FirewallOpenByDefault',
    labels: of('fw-app'),
    firing: figure('firewall_policy_drop', 0, 'fw-app', 'family="ipv4",chain="FORWARD"'),
    quiet: figure('firewall_policy_drop', 1, 'fw-app', 'family="ipv4",chain="FORWARD"'),
  },
  {
    alert: 'ForwardingOff',
    labels: of('fw-app'),
    firing: figure('firewall_forwarding', 0, 'fw-app'),
    quiet: figure('firewall_forwarding', 1, 'fw-app'),
  },
  ...[
    ['firewall_policy_drop', 'family="ipv6",chain="INPUT"'],
    ['firewall_rules_as_emitted', 'family="ipv6"'],
  ].map(([metric = '', labels = '']) => ({
    alert: 'Ipv6Open',
    labels: of('fw-app'),
    firing: figure(metric, 0, 'fw-app', labels),
    quiet: figure(metric, 0, 'fw-app', labels.replace('ipv6', 'ipv4')),
  })),
  {
    alert: 'PortScan',
    labels: of('fw-edge'),
    firing: { [`firewall_port_scans_total{${at('fw-edge', 'node')}}`]: '0x50 1x400' },
    quiet: { [`firewall_port_scans_total{${at('fw-edge', 'node')}}`]: '0x10 1x400' },
  },
  {
    alert: 'DeniedFlows',
    labels: of('fw-edge'),
    firing: { [`firewall_rule_packets_total{${at('fw-edge', 'node')},action="drop",rule="denied"}`]: rising(5) },
    quiet: {
      [`firewall_rule_packets_total{${at('fw-edge', 'node')},action="accept",rule="flow:visitors"}`]: rising(5),
    },
  },
  { alert: 'ClientErrorBurst', labels: of('balancer'), firing: responses('4xx', 5), quiet: responses('2xx', 5) },
  {
    alert: 'AlertDeliveryFailing',
    labels: of('alertmanager'),
    firing: {
      [`alertmanager_notifications_failed_total{${at('alertmanager', 'alertmanager')},integration="email"}`]: rising(1),
    },
    quiet: {
      [`alertmanager_notifications_failed_total{${at('alertmanager', 'alertmanager')},integration="email"}`]: always(3),
    },
  },
  ...['1m', '6m', '1h12m'].flatMap((window) => [
    {
      alert: 'SloAvailabilityBurn',
      labels: { ...of('site'), window },
      firing: { ...responses('5xx', 5), ...responses('2xx', 10) },
      quiet: { ...responses('5xx', 0.1), ...responses('2xx', 100) },
      atSeconds: 390,
    },
    {
      alert: 'SloLatencyBurn',
      labels: { ...of('site'), window },
      firing: durations(1, 10),
      quiet: durations(99, 100),
      atSeconds: 390,
    },
  ]),
];
