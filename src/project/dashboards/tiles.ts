import { BigValueColorMode, BigValueGraphMode, BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Tiles, Words } from '../../plan/dashboards/part.ts';
import { dataSource, now } from './query.ts';
import { thresholds } from './thresholds.ts';

/** One coloured tile for each series. */
export function tilesPanel({ title, about, unit = 'none', queries, steps, words }: Tiles): PanelBuilder {
  return new PanelBuilder()
    .title(title)
    .description(about)
    .datasource(dataSource)
    .targets(now(queries))
    .unit(unit)
    .noValue('no answer')
    .thresholds(thresholds(steps))
    .mappings(words === undefined ? [] : [mapping(words)])
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.ValueAndName);
}

function mapping([one, zero]: Words): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: { '0': { text: zero, color: 'red', index: 0 }, '1': { text: one, color: 'green', index: 1 } },
  };
}
