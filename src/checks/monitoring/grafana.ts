import { skipped, verdict, type CheckContext, type Observation } from '../check.ts';
import { serviceOf } from '../services.ts';
import { doorTo, field, jsonOf } from '../site.ts';

/** Whether Grafana is well, reaches Prometheus, and has its dashboards. */
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
  const [health, sources, dashboards] = await Promise.all([
    ask('/api/health'),
    ask('/api/datasources'),
    ask('/api/search?type=dash-db'),
  ]);
  const source = (sources as { uid: string; name: string; type: string; readOnly?: boolean }[]).find(
    ({ type }) => type === 'prometheus',
  );
  if (source === undefined) return verdict(false, 'no data source of the kind Prometheus');
  const tried = await ask(`/api/datasources/uid/${source.uid}/health`);
  const titles = (dashboards as { title: string }[]).map(({ title }) => title);
  const good = field(health, 'database') === 'ok' && field(tried, 'status') === 'OK' && titles.length > 0;
  return verdict(
    good,
    `database ${String(field(health, 'database'))}; ${source.name}: ${String(field(tried, 'status'))}; dashboards: ${titles.join(', ') || 'none'}`,
  );
}
