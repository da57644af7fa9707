import type { EventRenderer } from './events.ts';

/** One JSON object a line, with the time in ISO 8601: for a program that follows what happens. */
export function jsonEvents(write: (text: string) => void, now: () => Date = () => new Date()): EventRenderer {
  return {
    emit: (event) => write(`${JSON.stringify({ time: now().toISOString(), ...event })}\n`),
    pause: () => undefined,
    end: () => undefined,
  };
}
