import type { Emit } from '../events.ts';

/** Draws events as they come. */
export interface EventRenderer {
  emit: Emit;
  /** Leaves the terminal to someone else, such as a question; the next event takes it back. */
  pause(): void;
  /** Nothing more is drawn afterwards, and the terminal is as it was. */
  end(outcome: 'done' | 'stopped'): void;
}

/** `images/web` for `['images', 'web']`: the name of a step in logs and as a key. */
export function stepKey(step: readonly string[]): string {
  return step.join('/');
}

/** Milliseconds in words: `0.4 s`, `12 s`, `3 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
