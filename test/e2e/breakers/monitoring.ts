import type { Breaker, LabUnderTest } from './types.ts';
import { database, first, lastServer, runChanged, runUnchanged, shell, supervise, type Configured } from './inside.ts';
import { changeMounted, restoreMounted } from './mounted.ts';
import { seenByPrometheus } from './seen.ts';

const nginx = (lab: LabUnderTest): Configured => ({ service: lastServer(lab), process: 'nginx', file: 'nginx.conf' });

/** A service stopped in its tracks: it is there, and does not answer. */
const frozen = (check: string, kind: string): Breaker => ({
  check,
  breakIt: async (lab) => void (await (await lab.container(first(lab, kind))).kill({ signal: 'SIGSTOP' })),
  mend: async (lab) => void (await (await lab.container(first(lab, kind))).kill({ signal: 'SIGCONT' })),
});

const siteRules = 'rules/reachability.yml';

const reload = async (lab: LabUnderTest): Promise<void> =>
  void (await (await lab.container(first(lab, 'prometheus'))).kill({ signal: 'SIGHUP' }));

export const monitoringBreakers: Breaker[] = [
  {
    // The exporter runs, and cannot log in.
    check: 'monitoring.balancer-and-database-clients',
    breakIt: async (lab) => {
      await lab.sql(database(lab, 'primary'), 'ALTER USER exporter@localhost ACCOUNT LOCK');
      await seenByPrometheus(lab, `mysql_up{instance="${database(lab, 'primary')}"} == 0`);
    },
    mend: async (lab) => void (await lab.sql(database(lab, 'primary'), 'ALTER USER exporter@localhost ACCOUNT UNLOCK')),
  },
  {
    // Nginx gives the same figures for ever.
    check: 'monitoring.follows-requests',
    breakIt: (lab) =>
      runChanged(
        lab,
        nginx(lab),
        's#^ *stub_status;#return 200 "Active connections: 1 \\nserver accepts handled requests\\n 1 1 1 \\nReading: 0 Writing: 1 Waiting: 0 \\n";#',
      ),
    mend: (lab) => runUnchanged(lab, nginx(lab)),
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
      // The first one comes some seconds after the start.
      await seenByPrometheus(lab, 'inbox_heartbeat_seconds > 0', 30_000);
      await frozen('', 'alertmanager').breakIt(lab);
      await seenByPrometheus(lab, 'time() - inbox_heartbeat_seconds > 21', 40_000);
    },
  },
  frozen('monitoring.alerting', 'alertmanager'),
  frozen('monitoring.inbox', 'inbox'),
];
