import { frontsOf, stacksOf } from '../plan/stacks.ts';
import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import { alertingConnected, alertMail, inboxPage } from './monitoring/alerts.ts';
import { clocksAgree, longestSkewSeconds } from './monitoring/clocks.ts';
import { clientsFresh } from './monitoring/clients.ts';
import { checkedServices, filesAreWatched, longestSinceSeconds } from './monitoring/integrity.ts';
import { grafanaReady, plannedDashboards } from './monitoring/grafana.ts';
import { heartbeatFresh, longestSilenceSeconds } from './monitoring/heartbeat.ts';
import { followsDatabases, followsRequests } from './monitoring/movement.ts';
import { outsideProbe } from './monitoring/outside.ts';
import { plannedRules, rulesLoaded } from './monitoring/rules.ts';
import { plannedTargets, targetsUp } from './monitoring/targets.ts';
import { databasesOf, listed, serviceOf, servicesOf } from './services.ts';

/** What monitoring promises: everything is watched, from inside and outside, and an alert becomes a mail. */
export function monitoringChecks(plan: Plan): Check[] {
  const { project } = plan.settings;
  const prometheus = serviceOf(plan, 'prometheus');
  if (prometheus === undefined) return [];
  const port = (service: string): string =>
    String(plan.endpoints.find((endpoint) => endpoint.service === service)?.hostPort ?? `of ${service}`);
  const query = (expression: string): string =>
    `curl -sG http://127.0.0.1:${port(prometheus.name)}/api/v1/query --data-urlencode 'query=${expression}'`;
  const servers = servicesOf(plan, 'web').map(({ name }) => name);
  const replica = databasesOf(plan, 'replica')[0]?.name;
  const members = databasesOf(plan, 'member').map(({ name }) => name);
  const [alertmanager, inbox, prober] = (['alertmanager', 'inbox', 'prober'] as const).map(
    (kind) => serviceOf(plan, kind)?.name,
  );
  const scrapeMs = plan.lab.monitoring.scrapeIntervalSeconds * 1000;
  const common = { requirement: 'monitoring' as const, timeoutMs: 30_000 };
  const settles = { ...common, retry: { deadlineMs: 3 * scrapeMs } };
  const checks: (Check | undefined)[] = [
    {
      ...settles,
      id: 'monitoring.targets-up',
      title: 'Every target of Prometheus is up',
      points: 2,
      expected: `${new Set(plannedTargets(plan)).size} targets up: those of the plan and no others`,
      reproduce: query('up == 0'),
      hint: 'The target’s error says why: refused is a client that does not run, a timeout is a firewall that drops, 404 is a wrong path.',
      // A web server that is its own monitoring client is no target while another check stops it.
      needs: ['database', ...(stacksOf(plan.lab).some(({ up }) => up.startsWith('up{')) ? ['web'] : [])],
      run: targetsUp,
    },
    {
      ...settles,
      id: 'monitoring.server-clients',
      title: 'A monitoring client on each server gives fresh samples',
      points: 2,
      expected: `host, ${frontsOf(plan.lab)} and application of ${listed(servers)}, none older than ${(3 * scrapeMs) / 1000} s`,
      reproduce: query(
        `time() - timestamp({__name__=~"${['node_load1', ...stacksOf(plan.lab).map(({ vital }) => vital.metric), 'app_info'].join('|')}"})`,
      ),
      hint: 'A target can be up and say nothing of use: nginx_up is 0 when the exporter runs and Nginx does not.',
      dependsOn: ['monitoring.targets-up'],
      needs: ['web'],
      run: (context) => clientsFresh(context, ['web']),
    },
    {
      ...settles,
      id: 'monitoring.balancer-and-database-clients',
      title: 'Monitoring clients on the balancer and the databases give fresh samples',
      points: 1,
      expected: `host and HAProxy of the balancer, host and MySQL of the databases, none older than ${(3 * scrapeMs) / 1000} s`,
      reproduce: query('{__name__=~"mysql_up|haproxy_process_uptime_seconds"}'),
      hint: 'mysql_up is 0 when the exporter runs and cannot log in: look at its account, and at its log.',
      dependsOn: ['monitoring.targets-up'],
      needs: ['database'],
      run: (context) => clientsFresh(context, ['balancer', 'database']),
    },
    {
      ...settles,
      id: 'monitoring.follows-requests',
      title: `Metrics of HAProxy, ${frontsOf(plan.lab)} and the application follow the requests`,
      points: 2,
      expected: 'after some requests, each counter has risen by at least as many, on every server',
      reproduce: query('sum by (instance) (http_requests_total)'),
      hint: 'A value that never moves is worse than none: it looks like peace. Compare the exporter’s own page with what Prometheus has.',
      dependsOn: ['balancing.site-answers', 'monitoring.server-clients'],
      run: followsRequests,
    },
    replica === undefined && members.length === 0
      ? undefined
      : {
          ...settles,
          id: 'monitoring.follows-databases',
          title: 'Metrics of MySQL follow what the databases do',
          points: 1,
          expected:
            replica === undefined
              ? `after some reads, ${listed(members)} have counted as many SELECTs; all are seen in their group, and one as its primary`
              : `after some reads, ${replica} has counted as many SELECTs; its replication is seen running`,
          reproduce: query('rate(mysql_global_status_commands_total{command="select"}[1m])'),
          hint: 'Without the right REPLICATION CLIENT the exporter sees no replication; without the global_status collector it counts nothing.',
          dependsOn: [
            'balancing.site-answers',
            'monitoring.balancer-and-database-clients',
            // Metrics that tell of a broken group are right.
            ...(members.length === 0 ? [] : ['database.group-whole']),
          ],
          needs: ['database'],
          run: followsDatabases,
        },
    prober === undefined
      ? undefined
      : {
          ...settles,
          id: 'monitoring.outside-probe',
          title: 'The outside probe sees the site, its redirect and its certificate',
          points: 2,
          expected: `200 over TLS that verifies and 301 from HTTP, each within 2 s; the certificate for more than 7 and at most ${plan.lab.tls.certificateDays} days`,
          reproduce: query('{__name__=~"probe_success|probe_duration_seconds",job="site"}'),
          hint: 'All can be green inside while nobody reaches the site. The probe goes the visitors’ way: name, TLS, balancer.',
          run: outsideProbe,
        },
    {
      ...common,
      id: 'monitoring.alert-rules',
      title: 'Prometheus has the rules of the lab, and no others',
      points: 1,
      expected: `${plannedRules(plan).length} rules, each by name and expression as emitted`,
      reproduce: `curl -s http://127.0.0.1:${port(prometheus.name)}/api/v1/rules`,
      hint: 'A rule that somebody has taken out, or made so that it never fires, is missed by nobody until it is needed. Compare with config/prometheus/rules/ and reload.',
      retry: { deadlineMs: 1000 },
      run: rulesLoaded,
    },
    {
      ...settles,
      id: 'monitoring.clocks-agree',
      title: 'The clocks of all servers agree',
      points: 1,
      expected: `hosts, applications, Prometheus and this machine within ${longestSkewSeconds} s of each other`,
      reproduce: query('app_clock_seconds - timestamp(app_clock_seconds)'),
      hint: 'Certificates, sessions, time-outs and the order of log lines go by the clock. A process can have one of its own.',
      dependsOn: ['monitoring.targets-up'],
      run: clocksAgree,
    },
    {
      ...common,
      id: 'monitoring.file-integrity',
      title: 'The files of every server are watched',
      points: 2,
      expected: `${checkedServices(plan).length} services: AIDE has compared their files within ${longestSinceSeconds} s`,
      reproduce: query('time() - file_integrity_last_check_seconds'),
      hint: 'What it finds becomes the alert FileIntegrity, and is in the service’s log. A watchman that has fallen asleep finds nothing.',
      dependsOn: ['monitoring.targets-up'],
      needs: ['database'],
      // A service that has just been started again is compared within seconds.
      retry: { deadlineMs: 4000 },
      run: filesAreWatched,
    },
    alertmanager === undefined
      ? undefined
      : {
          ...common,
          id: 'monitoring.alerting',
          title: 'Prometheus evaluates its rules and reaches Alertmanager',
          points: 1,
          expected: 'rules loaded, each evaluated without an error, and an Alertmanager that answers',
          reproduce: `curl -s http://127.0.0.1:${port(prometheus.name)}/api/v1/rules; curl -s http://127.0.0.1:${port(prometheus.name)}/api/v1/alertmanagers`,
          hint: 'Rules without an Alertmanager alert nobody. `promtool check rules` finds what is wrong with a rule.',
          retry: { deadlineMs: 2000 },
          run: alertingConnected,
        },
    alertmanager === undefined || inbox === undefined
      ? undefined
      : {
          ...common,
          id: 'monitoring.alert-mail',
          title: 'Alertmanager delivers a test alert to the inbox',
          points: 3,
          expected: `a mail about a fresh alert, to ${plan.lab.monitoring.administrators.join(', ')}, within 6 s`,
          reproduce: `curl -s -H 'content-type: application/json' -d '[{"labels":{"alertname":"LabTest-mine","lab_test":"true"}}]' http://127.0.0.1:${port(alertmanager)}/api/v2/alerts; sleep 2; curl -s 'http://127.0.0.1:${port(inbox)}/api/messages?subject=LabTest-mine'`,
          hint: 'Follow the way: the alert (Alertmanager’s /api/v2/alerts), its route and receiver, the smarthost, the inbox. A failed mail is in Alertmanager’s log.',
          run: alertMail,
        },
    alertmanager === undefined || inbox === undefined
      ? undefined
      : {
          ...common,
          id: 'monitoring.heartbeat',
          title: 'Monitoring’s heartbeat reaches the inbox',
          points: 1,
          expected: `a heartbeat within the last ${longestSilenceSeconds} s`,
          reproduce: `curl -s http://127.0.0.1:${port(inbox)}/api/heartbeat`,
          hint: 'The alert Watchdog always fires. Without its mails, Prometheus, its rules, Alertmanager’s route to `heartbeat` or the way to the inbox is broken.',
          retry: { deadlineMs: 12_000 },
          run: (context) => heartbeatFresh(context, inbox),
        },
    inbox === undefined
      ? undefined
      : {
          ...common,
          id: 'monitoring.inbox',
          title: 'The administrators’ inbox shows its page',
          points: 1,
          expected: '200 and the page of mails',
          reproduce: `curl -si http://127.0.0.1:${port(inbox)}/`,
          hint: 'It is published on this machine alone; the edge firewall forwards it to the operators’ zone.',
          retry: { deadlineMs: 1000 },
          run: (context) => inboxPage(context, inbox),
        },
    {
      ...common,
      id: 'monitoring.grafana',
      title: 'Grafana is well and has its data source and dashboards',
      points: 1,
      expected: `healthy, a data source that reaches Prometheus, the dashboards ${plannedDashboards(plan)
        .map(({ title }) => `“${title}”`)
        .join(', ')}`,
      reproduce: `./lab status --project ${project}`,
      hint: 'Grafana reads config/grafana/ when it starts; what it could not read is in its log.',
      retry: { deadlineMs: 3000 },
      run: grafanaReady,
    },
  ];
  return checks.filter((check) => check !== undefined);
}
