import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Query } from '../../plan/dashboards/part.ts';

/** Grafana's data source, as `templates/grafana/datasource.yml.hbs` provisions it. */
export const dataSource = { type: 'prometheus', uid: 'prometheus' };

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Over the time that is shown. */
export function overTime(queries: readonly Query[]): DataqueryBuilder[] {
  return queries.map((query, index) => target(query, index).range());
}

/** Now: what has gone is not shown by its last value. */
export function now(queries: readonly Query[]): DataqueryBuilder[] {
  return queries.map((query, index) => target(query, index).instant());
}

/** Now, as rows of a table. */
export function rows(expr: string): DataqueryBuilder {
  return target([expr, ''], 0).instant().format(PromQueryFormat.Table);
}

function target([expr, legend]: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder().datasource(dataSource).refId(letters.charAt(index)).expr(expr).legendFormat(legend);
}
