import type { Drill } from './cast-drill.ts';
import type { Period } from './facts.ts';

/** What became of one alert. */
export interface Told {
  drill: Drill;
  fact: string;
  /** When its fault was in, and until when its alert counts; Unix time in milliseconds. */
  counts: Period;
  /** From the fault to the alert; undefined when it did not come in time. */
  afterMs: number | undefined;
  wrong: string[];
  /** Whether it ended after the mending; undefined where nobody waited for that. */
  ended: boolean | undefined;
}

export interface Trial {
  told: Told[];
  /** What fired because one answer of a healthy service was missing. */
  forBlip: string[];
}
