import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

export type Colour = 'green' | 'orange' | 'red' | 'blue';

/** A colour to begin with, and those that follow from a value on, in rising order. */
export type Steps = readonly [Colour, ...(readonly [from: number, Colour])[]];

export function thresholds([first, ...others]: Steps): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: first }, ...others.map(([value, color]) => ({ value, color }))]);
}
