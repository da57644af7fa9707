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
import type { Graph } from '../../plan/dashboards/part.ts';
import { dataSource, overTime } from './query.ts';
import { thresholds } from './thresholds.ts';

/** Lines over time, with a dashed one where there is a limit. */
export function graphPanel({ title, about, unit = 'none', queries, limit, stacked = false, max }: Graph): PanelBuilder {
  const panel = new PanelBuilder()
    .title(title)
    .description(about)
    .datasource(dataSource)
    .targets(overTime(queries))
    .unit(unit)
    .min(0)
    .fillOpacity(stacked ? 30 : 8)
    .legend(legend())
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
  return panel;
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([]);
}
