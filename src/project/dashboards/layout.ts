import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { RowBuilder, type Panel, type RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import type { Section } from '../../plan/dashboards/page.ts';
import type { Part } from '../../plan/dashboards/part.ts';
import { graphPanel } from './graph.ts';
import { listPanel } from './list.ts';
import { tilesPanel } from './tiles.ts';

/** Grafana's grid: 24 wide, each unit of height 30 pixels. */
const wide = 24;
const heights: Record<Part['kind'], number> = { tiles: 4, graph: 8, list: 8 };
const textHeight = 3;

/** A text at the top and the sections below it, each panel with an id and a place of its own. */
export function layout(text: string, sections: readonly Section[]): (Panel | RowPanel)[] {
  const panels: (Panel | RowPanel)[] = [];
  let y = 0;
  const add = (panel: Builder<Panel | RowPanel>, x: number, w: number, h: number): void => {
    panels.push({ ...panel.build(), id: panels.length + 1, gridPos: { x, y, w, h } });
  };
  add(new PanelBuilder().title('').transparent(true).mode(TextMode.Markdown).content(text), 0, wide, textHeight);
  y += textHeight;
  for (const { title, lines } of sections) {
    const full = lines.filter((line) => line.length > 0);
    if (full.length === 0) continue;
    add(new RowBuilder(title), 0, wide, 1);
    y += 1;
    for (const line of full) {
      const height = Math.max(...line.map(({ kind }) => heights[kind]));
      const share = Math.floor(wide / line.length);
      // The last one takes what is left over.
      line.forEach((part, index) => {
        add(panelOf(part), index * share, index === line.length - 1 ? wide - index * share : share, height);
      });
      y += height;
    }
  }
  return panels;
}

function panelOf(part: Part): Builder<Panel> {
  switch (part.kind) {
    case 'tiles':
      return tilesPanel(part);
    case 'graph':
      return graphPanel(part);
    case 'list':
      return listPanel(part);
  }
}
