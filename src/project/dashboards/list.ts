import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { List } from '../../plan/dashboards/part.ts';
import { dataSource, rows } from './query.ts';

/** A table of labels, and of the value where it has a name. */
export function listPanel({ title, about, unit = 'none', expr, labels, value }: List): PanelBuilder {
  const columns = value === undefined ? labels : [...labels, 'Value'];
  return new PanelBuilder()
    .title(title)
    .description(about)
    .datasource(dataSource)
    .withTarget(rows(expr))
    .unit(unit)
    .showHeader(true)
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names: columns } } })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(columns.map((name, index) => [name, index])),
        renameByName: value === undefined ? {} : { Value: value },
      },
    });
}
