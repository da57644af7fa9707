import { dashboards } from '../../plan/dashboards/all.ts';
import type { Page } from '../../plan/dashboards/page.ts';
import type { Plan } from '../../plan/types.ts';
import { skipped, verdict, type CheckContext, type Observation } from '../check.ts';
import { serviceOf } from '../services.ts';
import { doorTo, field, jsonOf } from '../site.ts';

/** What of a dashboard is looked at: its identity and its title. */
export type Named = Pick<Page, 'uid' | 'title'>;

/** Every dashboard of the plan. */
export function plannedDashboards(plan: Plan): Named[] {
  return dashboards(plan.lab);
}

/** What is wrong with the dashboards that Grafana has: those of the plan that are missing, or that are called otherwise. */
export function wrongDashboards(planned: readonly Named[], found: readonly Named[]): string[] {
  return planned.flatMap(({ uid, title }) => {
    const there = found.find((one) => one.uid === uid);
    if (there === undefined) return [`“${title}” (${uid}) is missing`];
    return there.title === title ? [] : [`${uid} is called “${there.title}”, not “${title}”`];
  });
}

/** Whether Grafana is well, reaches Prometheus, and has the dashboards of the plan. */
export async function grafanaReady(context: CheckContext): Promise<Observation> {
  const grafana = serviceOf(context.plan, 'grafana');
  if (grafana === undefined)
    return skipped('the lab runs without Grafana: its official image could not be pulled here');
  const password = await context.secret(grafana.name, 'grafana-admin');
  const headers = { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` };
  const { vantage, ...at } = doorTo(context, grafana.name, 3000);
  const ask = async (path: string): Promise<unknown> => {
    const answer = await vantage.http({ ...at, path, headers });
    if (answer.status !== 200)
      throw new Error(`Grafana answered ${answer.status} to ${path}: ${answer.body.slice(0, 160)}`);
    return jsonOf(answer);
  };
  const [health, sources, found] = await Promise.all([
    ask('/api/health'),
    ask('/api/datasources'),
    ask('/api/search?type=dash-db'),
  ]);
  const source = (sources as { uid: string; name: string; type: string; readOnly?: boolean }[]).find(
    ({ type }) => type === 'prometheus',
  );
  if (source === undefined) return verdict(false, 'no data source of the kind Prometheus');
  const tried = await ask(`/api/datasources/uid/${source.uid}/health`);
  const planned = plannedDashboards(context.plan);
  const wrong = wrongDashboards(planned, found as Named[]);
  const good = field(health, 'database') === 'ok' && field(tried, 'status') === 'OK' && wrong.length === 0;
  return verdict(
    good,
    `database ${String(field(health, 'database'))}; ${source.name}: ${String(field(tried, 'status'))}; dashboards: ${wrong.join(', ') || `${planned.length}, as planned`}`,
  );
}
