/** Grafana's own: at least four scrape intervals, and more where a pixel is longer than that. */
export const window = '$__rate_interval';

/** An expression in PromQL, and the name of its lines. In names, `{{label}}` is the label's value. */
export type Query = readonly [expr: string, legend: string];

/** What every panel says of itself: its title, what is measured and what to make of it, and Grafana's name of the unit. */
export interface Heading {
  title: string;
  about: string;
  unit?: string;
}

/** What 1 and 0 mean. 1 is well. */
export type Words = readonly [one: string, zero: string];

export type Colour = 'green' | 'orange' | 'red';

/** A colour to begin with, and those that follow from a value on, in rising order. */
export type Steps = readonly [Colour, ...(readonly [from: number, Colour])[]];

export interface GraphOptions {
  /** A dashed line at a value that is not to be crossed: that of an alert, or an objective. */
  limit?: number;
  /** Lines on top of each other: their sum has a meaning. */
  stacked?: boolean;
  max?: number;
}

export interface Tiles extends Heading {
  kind: 'tiles';
  queries: readonly Query[];
  steps: Steps;
  words?: Words;
}

export interface Graph extends Heading, GraphOptions {
  kind: 'graph';
  queries: readonly Query[];
}

export interface List extends Heading {
  kind: 'list';
  expr: string;
  /** The labels that are shown, in this order. */
  labels: readonly string[];
  /** Name of the value's column; without one it is not shown. */
  value?: string;
}

/** One panel of a dashboard. */
export type Part = Tiles | Graph | List;

/** Tiles that are green or red, one for each series. */
export function state(heading: Heading, queries: readonly Query[], words: Words): Tiles {
  return { kind: 'tiles', ...heading, queries, words, steps: ['red', [1, 'green']] };
}

/** Tiles with a number each, coloured by its size. */
export function figure(heading: Heading, queries: readonly Query[], steps: Steps): Tiles {
  return { kind: 'tiles', ...heading, queries, steps };
}

/** Lines over time, from 0 up. */
export function graph(heading: Heading, queries: readonly Query[], options: GraphOptions = {}): Graph {
  return { kind: 'graph', ...heading, queries, ...options };
}

/** A table of what is so now. */
export function list(heading: Heading, expr: string, labels: readonly string[], value?: string): List {
  return { kind: 'list', ...heading, expr, labels, ...(value === undefined ? {} : { value }) };
}
