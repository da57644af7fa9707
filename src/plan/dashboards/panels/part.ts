import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** One panel of a dashboard, and how many of the grid's units (30 pixels) it is high. */
export interface Part {
  height: number;
  panel: Builder<Panel>;
}

/** What every panel says of itself: its title, what is measured and what to make of it, and Grafana's name of the unit. */
export interface Heading {
  title: string;
  about: string;
  unit?: string;
}
