import { BigValueColorMode, BigValueGraphMode, BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Heading, Part } from './part.ts';
import { dataSource, now, type Query } from './query.ts';
import { thresholds, type Steps } from './steps.ts';

/** What 1 and 0 mean. 1 is well. */
export type Words = readonly [one: string, zero: string];

/** Tiles that are green or red, one for each series. */
export function state(heading: Heading, queries: readonly Query[], [one, zero]: Words): Part {
  const { panel } = tiles(heading, queries, ['red', [1, 'green']]);
  panel.mappings([
    {
      type: MappingType.ValueToText,
      options: { '0': { text: zero, color: 'red', index: 0 }, '1': { text: one, color: 'green', index: 1 } },
    },
  ]);
  return { height: 4, panel };
}

/** Tiles with a number each, coloured by its size. */
export function figure(heading: Heading, queries: readonly Query[], steps: Steps): Part {
  return tiles(heading, queries, steps);
}

function tiles(
  { title, about, unit = 'none' }: Heading,
  queries: readonly Query[],
  steps: Steps,
): { height: number; panel: PanelBuilder } {
  const panel = new PanelBuilder()
    .title(title)
    .description(about)
    .datasource(dataSource)
    .targets(now(queries))
    .unit(unit)
    .noValue('no answer')
    .thresholds(thresholds(steps))
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.ValueAndName);
  return { height: 4, panel };
}
