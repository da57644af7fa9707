import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Heading, Part } from './part.ts';
import { dataSource, rows } from './query.ts';

/** A table of what is so now: the labels that are named, in that order, and the value under a name of its own. */
export function list(
  { title, about, unit = 'none' }: Heading,
  expr: string,
  labels: readonly string[],
  value?: string,
): Part {
  const shown = value === undefined ? labels : [...labels, 'Value'];
  const panel = new PanelBuilder()
    .title(title)
    .description(about)
    .datasource(dataSource)
    .withTarget(rows(expr))
    .unit(unit)
    .showHeader(true)
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names: shown } } })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(shown.map((name, index) => [name, index])),
        renameByName: value === undefined ? {} : { Value: value },
      },
    });
  return { height: 8, panel };
}
