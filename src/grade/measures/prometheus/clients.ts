import type { ServicePlan } from '../../../plan/types.ts';
import type { MeasureContext } from '../measure.ts';

/** One monitoring client of the lab, which no submission can touch. */
export interface Client {
  service: ServicePlan;
  port: number;
  /** What it exports that moves all the time: a series that only ever grows, or a mark of the grader’s own. */
  metric: string;
}

const markFile = '/run/textfile/grader.prom';
export const markMetric = 'lab_grader_mark';

/** What moves, by the job that the lab calls such a client. */
const moving: Readonly<Record<string, string>> = {
  node: markMetric,
  nginx: 'nginx_http_requests_total',
  application: 'http_requests_total',
  haproxy: 'haproxy_process_requests_total',
  mysql: 'mysql_global_status_commands_total',
};

/** The clients of the given services that the lab’s flows open to Prometheus. */
export function clientsOf({ lab }: MeasureContext, services: readonly string[]): Client[] {
  return services.flatMap((name) => {
    const service = lab.service(name);
    return service.scrapes.flatMap(({ job, port }) => {
      const metric = moving[job];
      return metric === undefined ? [] : [{ service, port, metric }];
    });
  });
}

/** The number that is left among a host's own figures; nobody could know it. */
export function markOf({ fresh }: MeasureContext, service: string): number {
  return parseInt(fresh(`mark/${service}`).slice(0, 10), 16);
}

/** Leaves it there (node exporter: textfile collector). */
export async function leaveMark(context: MeasureContext, service: string): Promise<void> {
  const stdin = `${markMetric} ${markOf(context, service)}\n`;
  await context.lab.exec(service, ['sh', '-c', `cat >${markFile}.new && mv ${markFile}.new ${markFile}`], { stdin });
}

/** Some visits to a server of the lab, as many as nobody could know: its counters are nobody else’s then. */
export async function stir({ lab, plan, fresh }: MeasureContext, { name, zone, address }: ServicePlan): Promise<void> {
  const count = 10 + (parseInt(fresh(`stir/${name}`).slice(0, 4), 16) % 40);
  const ask = { address, port: 80, host: plan.lab.site.domain, path: '/healthz' };
  await lab.vantages
    .from({ zone })
    .httpMany({ requests: Array.from({ length: count }, () => ask), connection: 'reuse' });
}

/** What the client itself has now, asked from beside it: the sum over the series of its moving metric. */
export async function exportedNow(context: MeasureContext, { service, port, metric }: Client): Promise<number> {
  // Firewalls answer nobody but Prometheus, and the mark does not move.
  if (metric === markMetric) return markOf(context, service.name);
  const answer = await context.lab.vantages
    .from({ zone: service.zone })
    .http({ address: service.address, port, path: '/metrics', maxBytes: 4 << 20, timeoutMs: 5000 });
  return answer.body
    .split('\n')
    .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
