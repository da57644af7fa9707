import type { Lab } from '../../lab/schema.ts';
import { servicesOf } from '../context.ts';
import { frontsOf, stacksOf, type Stack } from '../stacks.ts';
import type { Page, Section } from './page.ts';
import { figure, graph, state, window } from './part.ts';
import { lowest, visits } from './selectors.ts';

const chosen = 'instance=~"$server"';
const requests = (more = ''): string =>
  `sum by (instance) (rate(http_requests_total{${chosen},${visits}${more}}[${window}]))`;
const seconds = (share: number, metric: string, matchers: string, by = 'instance'): string =>
  `histogram_quantile(${share}, sum by (${by}, le) (rate(${metric}_bucket{${chosen}${matchers}}[${window}])))`;

/** The servers: the web server in front and the application on each, and what every container uses. */
export function servers(lab: Lab): Page | undefined {
  const web = servicesOf(lab, 'web');
  const hosts = [
    ...servicesOf(lab, 'firewall'),
    ...servicesOf(lab, 'balancer'),
    ...web,
    ...servicesOf(lab, 'database'),
  ];
  if (hosts.length === 0) return undefined;
  return {
    uid: 'lab-servers',
    title: 'Servers',
    question: 'Is one of the servers unlike the others?',
    look: `${stacksOf(lab).length > 1 ? 'They are made of different things' : 'They are all alike'} and get the same share, so their lines lie on each other: one that leaves the bundle is the one to look at. Memory that only rises is a leak.`,
    ...(web.length > 0 ? { choice: { name: 'server', of: web } } : {}),
    sections: [...(web.length > 0 ? [now(lab), application, below(lab)] : []), everyContainer],
  };
}

/** 1 when the server's monitoring client answers and says that the web server does. */
function frontState({ up, process }: Stack): string {
  return up.startsWith('up{') ? among(up) : lowest(`up|${up}`, `${chosen},job="${process}"`);
}

/** A metric of the servers that are chosen. */
function among(metric: string): string {
  return metric.includes('{') ? metric.replace('{', `{${chosen},`) : `${metric}{${chosen}}`;
}

const now = (lab: Lab): Section => ({
  title: 'Now',
  lines: [
    [
      state(
        { title: frontsOf(lab), about: 'Whether it answers its monitoring client.' },
        stacksOf(lab).map((stack) => [frontState(stack), '{{instance}}'] as const),
        ['up', 'down'],
      ),
      state(
        { title: 'Application', about: 'Whether it gives its own figures.' },
        [[`up{${chosen},job="application"}`, '{{instance}}']],
        ['up', 'down'],
      ),
      figure(
        { title: 'Slowest twentieth', about: '95 of 100 requests are quicker.', unit: 's' },
        [[seconds(0.95, 'http_request_duration_seconds', `,${visits}`), '{{instance}}']],
        ['green', [0.25, 'orange'], [0.3, 'red']],
      ),
    ],
  ],
});

/** Rate, errors, duration. */
const application: Section = {
  title: 'Application: rate, errors, duration',
  lines: [
    [
      graph({ title: 'Requests', about: 'Without health checks.', unit: 'reqps' }, [[requests(), '{{instance}}']]),
      graph(
        { title: 'Errors', about: 'Share of requests answered with 5xx.', unit: 'percentunit' },
        [[`clamp_min(1 - ${requests(',status!~"5.."')} / ${requests()}, 0)`, '{{instance}}']],
        { limit: 0.05 },
      ),
      graph(
        { title: 'Duration', about: 'Half of the requests are quicker than p50, 95 of 100 than p95.', unit: 's' },
        [
          [seconds(0.5, 'http_request_duration_seconds', `,${visits}`), '{{instance}} p50'],
          [seconds(0.95, 'http_request_duration_seconds', `,${visits}`), '{{instance}} p95'],
        ],
        { limit: 0.3 },
      ),
    ],
    [
      graph(
        { title: 'Requests, by route', about: 'All servers that are chosen together.', unit: 'reqps' },
        [
          [
            `sum by (method, route) (rate(http_requests_total{${chosen},${visits}}[${window}]))`,
            '{{method}} {{route}}',
          ],
        ],
        { stacked: true },
      ),
      graph(
        { title: 'Database, as the application waits for it', about: '95 of 100 queries are quicker.', unit: 's' },
        [[seconds(0.95, 'db_query_duration_seconds', '', 'instance, database'), '{{instance}} {{database}}']],
      ),
      graph(
        { title: 'Database connections', about: 'In use, of each application’s pool. When all are, requests wait.' },
        [
          [`sum by (instance, database) (db_pool_connections{${chosen},state="in_use"})`, '{{instance}} {{database}}'],
          [`sum by (instance, database) (db_pool_waiting{${chosen}})`, '{{instance}} {{database}} waiting'],
        ],
      ),
    ],
  ],
};

const below = (lab: Lab): Section => ({
  title: `${frontsOf(lab)} and process`,
  lines: [
    [
      graph(
        { title: `${frontsOf(lab)}: requests`, about: 'Files and health checks are among them.', unit: 'reqps' },
        stacksOf(lab).map(({ requests }) => [`rate(${among(requests)}[${window}])`, '{{instance}}'] as const),
      ),
      graph(
        {
          title: `${frontsOf(lab)}: connections`,
          about: stacksOf(lab).length > 1 ? 'Open ones; of Caddy, requests under way.' : 'Open ones.',
        },
        stacksOf(lab).map(({ connections }) => [among(connections), '{{instance}}'] as const),
      ),
      graph({ title: 'Application: processor', about: '1 is a whole processor.', unit: 'percentunit' }, [
        [`rate(process_cpu_seconds_total{${chosen},job="application"}[${window}])`, '{{instance}}'],
      ]),
      graph(
        {
          title: 'Application: event loop',
          about: 'Of Node.js: how late it is, at worst in 100 turns. One that is late does not answer meanwhile.',
          unit: 's',
        },
        [[`nodejs_eventloop_lag_p99_seconds{${chosen}}`, '{{instance}}']],
      ),
    ],
  ],
});

/** Of all that carry a monitoring client for the host. */
const everyContainer: Section = {
  title: 'Every server, firewall, balancer and database',
  lines: [
    [
      graph(
        { title: 'Memory', about: 'Of each container’s limit. At the limit the kernel kills.', unit: 'percentunit' },
        [['container_memory_working_set_bytes / container_memory_limit_bytes', '{{instance}}']],
        { limit: 0.9 },
      ),
      graph(
        { title: 'Disk', about: 'The fullest of each container’s writable places in memory.', unit: 'percentunit' },
        [
          [
            'max by (instance) (1 - node_filesystem_avail_bytes{fstype="tmpfs"} / node_filesystem_size_bytes{fstype="tmpfs"})',
            '{{instance}}',
          ],
        ],
        { limit: 0.9 },
      ),
    ],
    [
      graph({ title: 'Network', about: 'Received.', unit: 'bps' }, [
        [`8 * sum by (instance) (rate(node_network_receive_bytes_total{device!="lo"}[${window}]))`, '{{instance}}'],
      ]),
      graph(
        {
          title: 'This machine’s processors',
          about: 'Containers share them: the part in use by all of them and by everything else here.',
          unit: 'percentunit',
        },
        [[`1 - avg(rate(node_cpu_seconds_total{mode="idle"}[${window}]))`, 'in use']],
        { max: 1 },
      ),
    ],
  ],
};
