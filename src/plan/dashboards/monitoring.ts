import type { Lab, ServiceKind } from '../../lab/schema.ts';
import { servicesOf } from '../context.ts';
import type { Page } from './page.ts';
import { figure, graph, list, type Part, window } from './part.ts';

/** Monitoring's watch over itself, and what looks like an attack. */
export function monitoring(lab: Lab): Page | undefined {
  if (servicesOf(lab, 'prometheus').length === 0) return undefined;
  const where = (kind: ServiceKind, ...parts: Part[]): Part[] => (servicesOf(lab, kind).length > 0 ? parts : []);
  return {
    uid: 'lab-monitoring',
    title: 'Monitoring and security',
    question: 'Can these figures be trusted, and is somebody doing what nobody should?',
    look: 'A value that stands still looks like peace. First see that every target answers and that the heartbeat is young; then read the rest. Files that changed are the strongest sign: nobody changes a server of the lab while it runs.',
    sections: [
      {
        title: 'Now',
        lines: [
          [
            figure(
              {
                title: 'Targets that do not answer',
                about: 'Monitoring clients that Prometheus cannot read. The table below names them.',
              },
              [['count(up) - sum(up)', 'of all']],
              ['green', [1, 'red']],
            ),
            ...where(
              'inbox',
              figure(
                {
                  title: 'Heartbeat',
                  about:
                    'Since the last mail of the alert Watchdog. After 20 s the inbox itself says that monitoring is silent.',
                  unit: 's',
                },
                [['time() - inbox_heartbeat_seconds', 'ago']],
                ['green', [15, 'orange'], [20, 'red']],
              ),
            ),
            ...where(
              'alertmanager',
              figure(
                { title: 'Alerts that fire', about: 'Beside Watchdog, which always does.' },
                [
                  [
                    'count(ALERTS{alertstate="firing"}) - count(ALERTS{alertname="Watchdog",alertstate="firing"})',
                    'firing',
                  ],
                ],
                ['green', [1, 'red']],
              ),
            ),
            figure(
              {
                title: 'Files that are not as they were',
                about: 'AIDE: changed, missing or added. The log of the service names them.',
              },
              [['sum(file_integrity_files)', 'on all servers']],
              ['green', [1, 'red']],
            ),
            figure(
              { title: 'Clock', about: 'The one that is furthest from Prometheus’ own.', unit: 's' },
              [['max(abs(node_time_seconds - timestamp(node_time_seconds)))', 'off']],
              ['green', [1, 'orange'], [2, 'red']],
            ),
          ],
        ],
      },
      {
        title: 'Monitoring',
        lines: [
          [
            list(
              { title: 'Targets', about: 'Every monitoring client; 0 does not answer.' },
              'sort(up)',
              ['instance', 'job', 'zone'],
              'up',
            ),
            list(
              { title: 'Alerts', about: 'What fires now, and how bad it is. What to do: docs/runbooks.md.' },
              'ALERTS{alertstate="firing"}',
              ['alertname', 'instance', 'severity'],
            ),
          ],
          [
            graph({ title: 'Reading a target', about: 'How long the slowest of each kind takes.', unit: 's' }, [
              ['max by (job) (scrape_duration_seconds)', '{{job}}'],
            ]),
            graph({ title: 'Rules', about: 'Evaluations that failed: a rule that fails alerts nobody.', unit: 'ops' }, [
              [`sum(rate(prometheus_rule_evaluation_failures_total[${window}]))`, 'failed'],
            ]),
            ...where(
              'alertmanager',
              graph({ title: 'Mails', about: 'As Alertmanager sent them, the heartbeat’s among them.', unit: 'ops' }, [
                [`sum(rate(alertmanager_notifications_total{integration="email"}[${window}]))`, 'sent'],
                [`sum(rate(alertmanager_notifications_failed_total{integration="email"}[${window}]))`, 'failed'],
              ]),
            ),
          ],
        ],
      },
      {
        title: 'Security',
        lines: [
          [
            graph({ title: 'Files', about: 'Changed, missing or added, on each server.' }, [
              ['sum by (instance) (file_integrity_files)', '{{instance}}'],
            ]),
            graph(
              {
                title: 'Since files were compared',
                about: 'A watchman that has fallen asleep finds nothing.',
                unit: 's',
              },
              [['time() - file_integrity_last_check_seconds', '{{instance}}']],
            ),
            graph(
              { title: 'Clocks', about: 'How far each is from Prometheus’ own.', unit: 's' },
              [
                ['abs(node_time_seconds - timestamp(node_time_seconds))', '{{instance}}'],
                ...(servicesOf(lab, 'web').length > 0
                  ? [['abs(app_clock_seconds - timestamp(app_clock_seconds))', '{{instance}} application'] as const]
                  : []),
              ],
              { limit: 2 },
            ),
          ],
          [
            ...where(
              'firewall',
              graph({ title: 'Port scans', about: 'One source was denied ten different doors within ten seconds.' }, [
                [`sum by (instance) (increase(firewall_port_scans_total[${window}]))`, '{{instance}}'],
              ]),
              graph(
                { title: 'Dropped packets', about: 'By firewall; its own dashboard has the reasons.', unit: 'pps' },
                [[`sum by (instance) (rate(firewall_rule_packets_total{action="drop"}[${window}]))`, '{{instance}}']],
                { limit: 3 },
              ),
            ),
            ...where(
              'balancer',
              graph(
                {
                  title: 'Wrong requests',
                  about: 'Answered with 4xx. A burst is somebody who tries addresses.',
                  unit: 'reqps',
                },
                [
                  [
                    `sum by (proxy) (rate(haproxy_frontend_http_responses_total{code="4xx",proxy=~"https?"}[${window}]))`,
                    '{{proxy}}',
                  ],
                ],
                { limit: 3 },
              ),
            ),
            ...where(
              'database',
              graph({ title: 'Failed log-ins', about: 'To MySQL.', unit: 'cps' }, [
                [`sum by (instance) (rate(mysql_global_status_aborted_connects[${window}]))`, '{{instance}}'],
              ]),
            ),
          ],
        ],
      },
    ],
  };
}
