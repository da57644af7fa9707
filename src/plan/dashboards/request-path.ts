import type { Lab } from '../../lab/schema.ts';
import { servicesOf } from '../context.ts';
import type { Page } from './page.ts';
import { figure, type Graph, graph, list, type Part, type Query, state, window } from './part.ts';
import { lowest, visits } from './selectors.ts';

/** The path of a request at a glance: from the visitor through firewalls, balancer and servers to the databases. */
export function requestPath(lab: Lab): Page {
  const hops = (Object.keys(atHop) as Hop[]).filter((kind) => servicesOf(lab, kind).length > 0);
  const along = (pick: (hop: (typeof atHop)[Hop]) => readonly Query[]): Query[] =>
    hops.flatMap((kind) => pick(atHop[kind]));
  return {
    uid: 'lab-request-path',
    title: 'The path of a request',
    question: 'Where on its way does a visitor’s request stop, wait or fail?',
    look: 'Go from left to right: the first tile that is red is where to begin. Below, a hop whose line falls while those before it go on does not pass requests on; the last line that rises when all get slow is the one that is slow.',
    sections: [
      { title: 'From the visitor to the data', lines: [hops.flatMap((kind) => atHop[kind].tiles(lab))] },
      {
        title: 'Hop by hop',
        lines: [
          [
            graph(
              {
                title: 'Requests',
                about:
                  'Each hop’s own count. Files come from the web servers in front, so that the application has fewer than the balancer.',
                unit: 'reqps',
              },
              along(({ rate }) => rate),
            ),
            graph(
              {
                title: 'Time',
                about:
                  'What each hop takes, with all that is behind it. 95 of 100 are quicker (the probe’s and the balancer’s own: averages).',
                unit: 's',
              },
              along(({ time }) => time),
            ),
          ].filter(asksSomething),
          [
            ...[
              graph(
                {
                  title: 'Errors',
                  about:
                    'Requests that each hop answered with 5xx, and queries that failed. An error begins at the last hop that has it.',
                  unit: 'reqps',
                },
                along(({ errors }) => errors),
              ),
            ].filter(asksSomething),
            list(
              { title: 'Alerts', about: 'What fires now. Watchdog always does: it proves that alerts arrive.' },
              'ALERTS{alertstate="firing"}',
              ['alertname', 'instance', 'severity'],
            ),
          ],
        ],
      },
    ],
  };
}

const asksSomething = ({ queries }: Graph): boolean => queries.length > 0;

type Hop = keyof typeof atHop;

/** In the order of the way: what each kind of service says of requests. */
const atHop = {
  prober: {
    tiles: (): Part[] => [
      state(
        { title: 'Site', about: 'What the outside probe saw last, the visitor’s way.' },
        [['probe_success{instance="site",job="site"}', 'site']],
        ['answers', 'down'],
      ),
    ],
    rate: [],
    time: [[`avg_over_time(probe_duration_seconds{instance="site",job="site"}[${window}])`, 'seen from outside']],
    errors: [],
  },
  firewall: {
    tiles: (lab: Lab): Part[] => [
      state(
        {
          title: 'Firewalls',
          about: 'Reachable, forwarding, denying by default, with the rules that the lab emitted.',
        },
        [
          [
            lowest(
              'up|firewall_forwarding|firewall_policy_drop|firewall_rules_as_emitted',
              `instance=~"${servicesOf(lab, 'firewall').join('|')}",job="node"`,
            ),
            '{{instance}}',
          ],
        ],
        ['well', 'look'],
      ),
    ],
    rate: [],
    time: [],
    errors: [],
  },
  balancer: {
    tiles: (lab: Lab): Part[] => [
      figure(
        { title: 'Servers in rotation', about: 'As the balancer sees them.' },
        [['min(haproxy_backend_active_servers{proxy="servers"})', 'of the balancer']],
        ['red', [1, 'orange'], [Math.max(2, servicesOf(lab, 'web').length), 'green']],
      ),
    ],
    rate: [
      [`sum(rate(haproxy_frontend_http_responses_total{proxy="https"}[${window}]))`, 'balancer'],
      [`sum(rate(haproxy_server_http_responses_total{proxy="servers"}[${window}]))`, 'servers'],
    ],
    time: [['max(haproxy_backend_total_time_average_seconds{proxy="servers"})', 'balancer']],
    errors: [[`sum(rate(haproxy_frontend_http_responses_total{code="5xx",proxy="https"}[${window}]))`, 'balancer']],
  },
  web: {
    tiles: (): Part[] => [
      state(
        { title: 'Applications', about: 'Whether each gives its own figures.' },
        [['up{job="application"}', '{{instance}}']],
        ['up', 'down'],
      ),
    ],
    rate: [
      [`sum(rate(http_requests_total{${visits}}[${window}]))`, 'application'],
      [`sum(rate(db_query_duration_seconds_count[${window}]))`, 'queries to the databases'],
    ],
    time: [
      [
        `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${visits}}[${window}])))`,
        'application',
      ],
      [
        `histogram_quantile(0.95, sum by (le, database) (rate(db_query_duration_seconds_bucket[${window}])))`,
        'query to the {{database}}',
      ],
    ],
    errors: [
      [
        `clamp_min(sum(rate(http_requests_total{${visits}}[${window}])) - sum(rate(http_requests_total{status!~"5..",${visits}}[${window}])), 0)`,
        'application',
      ],
      [
        `clamp_min(sum(rate(db_query_duration_seconds_count[${window}])) - sum(rate(db_query_duration_seconds_count{outcome="ok"}[${window}])), 0)`,
        'queries to the databases',
      ],
    ],
  },
  database: {
    tiles: (): Part[] => [
      state(
        { title: 'Databases', about: 'Whether MySQL answers its monitoring client.' },
        [[lowest('up|mysql_up', 'job="mysql"'), '{{instance}}']],
        ['up', 'down'],
      ),
    ],
    rate: [],
    time: [],
    errors: [],
  },
} as const satisfies Record<
  string,
  { tiles: (lab: Lab) => Part[]; rate: readonly Query[]; time: readonly Query[]; errors: readonly Query[] }
>;
