import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

/** Grafana's data source, as `templates/grafana/datasource.yml.hbs` provisions it. */
export const dataSource = { type: 'prometheus', uid: 'prometheus' };

/** Grafana's own: at least four scrape intervals, and more where a pixel is longer than that. */
export const window = '$__rate_interval';

/** An expression in PromQL, and the name of its lines. In names, `{{label}}` is the label's value. */
export type Query = readonly [expr: string, legend: string];

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
