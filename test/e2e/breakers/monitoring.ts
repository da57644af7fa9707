import type { Breaker, LabUnderTest } from './types.ts';
import { database, first, lastServer, shell, supervise } from './inside.ts';
import { changeMounted, restoreMounted } from './mounted.ts';
import { seenByPrometheus } from './seen.ts';

/** One monitoring client stopped, and missed by Prometheus. */
const withoutClient = (
  check: string,
  process: string,
  job: string,
  service: (lab: LabUnderTest) => string,
): Breaker => ({
  check,
  breakIt: async (lab) => {
    await supervise(lab, service(lab), process, 'down');
    await seenByPrometheus(lab, `up{job="${job}",instance="${service(lab)}"} == 0`);
  },
  mend: async (lab) => {
    await supervise(lab, service(lab), process, 'up');
    await seenByPrometheus(lab, `up{job="${job}",instance="${service(lab)}"} == 1`);
  },
});

/** A service stopped in its tracks: it is there, and does not answer. */
const frozen = (check: string, kind: string): Breaker => ({
  check,
  breakIt: async (lab) => void (await (await lab.container(first(lab, kind))).kill({ signal: 'SIGSTOP' })),
  mend: async (lab) => void (await (await lab.container(first(lab, kind))).kill({ signal: 'SIGCONT' })),
});

const proberRule = (lab: LabUnderTest): string[] => {
  const address = (kind: string): string => lab.plan.services.find((service) => service.kind === kind)?.address ?? '';
  return [
    'FORWARD',
    '-s',
    address('prober'),
    '-d',
    address('balancer'),
    '-p',
    'tcp',
    '-j',
    'REJECT',
    '--reject-with',
    'tcp-reset',
  ];
};

const routerOfProber = (lab: LabUnderTest): string => {
  const prober = lab.plan.services.find(({ kind }) => kind === 'prober');
  return lab.plan.zones.find(({ name }) => name === prober?.zone)?.router ?? '';
};

const siteRules = 'rules/reachability.yml';

const reload = async (lab: LabUnderTest): Promise<void> =>
  void (await (await lab.container(first(lab, 'prometheus'))).kill({ signal: 'SIGHUP' }));

export const monitoringBreakers: Breaker[] = [
  withoutClient('monitoring.targets-up', 'node-exporter', 'node', (lab) => first(lab, 'balancer')),
  withoutClient('monitoring.server-clients', 'nginx-exporter', 'nginx', lastServer),
  withoutClient('monitoring.balancer-and-database-clients', 'mysqld-exporter', 'mysql', (lab) =>
    database(lab, 'primary'),
  ),
  withoutClient('monitoring.follows-requests', 'nginx-exporter', 'nginx', lastServer),
  withoutClient('monitoring.follows-databases', 'mysqld-exporter', 'mysql', (lab) => database(lab, 'replica')),
  {
    check: 'monitoring.outside-probe',
    breakIt: async (lab) => {
      await lab.exec(routerOfProber(lab), ['iptables', '-I', ...proberRule(lab)]);
      await seenByPrometheus(lab, 'probe_success{job="site",instance="site"} == 0');
    },
    mend: async (lab) => {
      await lab.exec(routerOfProber(lab), ['iptables', '-D', ...proberRule(lab)]);
      await seenByPrometheus(lab, 'probe_success{job="site",instance="site"} == 1');
    },
  },
  {
    check: 'monitoring.alert-rules',
    breakIt: async (lab) => {
      // Never again an alert about the site.
      await changeMounted(lab, first(lab, 'prometheus'), siteRules, (text) => text.replace('== 0"', '== 7"'));
      await reload(lab);
      await seenByPrometheus(lab, 'prometheus_config_last_reload_success_timestamp_seconds > time() - 6');
    },
    mend: async (lab) => {
      await restoreMounted(lab, first(lab, 'prometheus'), siteRules);
      await reload(lab);
    },
  },
  {
    check: 'monitoring.file-integrity',
    breakIt: async (lab) => {
      await supervise(lab, lastServer(lab), 'file-integrity', 'down');
      await shell(lab, lastServer(lab), 'rm -f /run/textfile/integrity.prom');
      await seenByPrometheus(lab, `absent(file_integrity_up{instance="${lastServer(lab)}"})`);
    },
    mend: (lab) => supervise(lab, lastServer(lab), 'file-integrity', 'up'),
  },
  {
    ...frozen('monitoring.heartbeat', 'alertmanager'),
    breakIt: async (lab) => {
      await frozen('', 'alertmanager').breakIt(lab);
      await seenByPrometheus(lab, 'time() - inbox_heartbeat_seconds > 21');
    },
  },
  frozen('monitoring.alerting', 'alertmanager'),
  frozen('monitoring.alert-mail', 'inbox'),
  frozen('monitoring.inbox', 'inbox'),
];
