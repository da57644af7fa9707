import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Heading, Part } from './part.ts';
import { dataSource, overTime, type Query } from './query.ts';
import { thresholds } from './steps.ts';

export interface GraphOptions {
  /** A dashed line at a value that is not to be crossed: that of an alert, or an objective. */
  limit?: number;
  /** Lines on top of each other: their sum has a meaning. */
  stacked?: boolean;
  max?: number;
}

/** Lines over time, from 0 up. */
export function graph(
  { title, about, unit = 'none' }: Heading,
  queries: readonly Query[],
  { limit, stacked = false, max }: GraphOptions = {},
): Part {
  const panel = new PanelBuilder()
    .title(title)
    .description(about)
    .datasource(dataSource)
    .targets(overTime(queries))
    .unit(unit)
    .min(0)
    .fillOpacity(stacked ? 30 : 8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (max !== undefined) panel.max(max);
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (limit !== undefined) {
    panel
      .thresholds(thresholds(['green', [limit, 'red']]))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
      // The line is to be seen, even while all is far below it.
      .axisSoftMax(limit);
  }
  return { height: 8, panel };
}
