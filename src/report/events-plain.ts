import type { LabEvent } from '../events.ts';
import type { Colours } from './colours.ts';
import type { EventRenderer } from './events.ts';
import { duration, stepKey } from './events.ts';
import { printableLine } from './printable-lines.ts';

/** A log must show that a long step moves, yet not every line of it. */
const progressEveryMs = 5000;

interface Step {
  title: string;
  startedAt: number;
  saidAt: number;
}

/** One line per event, for logs and pipes: seconds since the start, what happened, to which step. */
export function plainEvents(
  write: (text: string) => void,
  colours: Colours,
  now: () => number = () => performance.now(),
): EventRenderer {
  const start = now();
  const steps = new Map<string, Step>();
  const line = (word: string, text: string): void => {
    const seconds = ((now() - start) / 1000).toFixed(1).padStart(6);
    write(`${colours.dim(`${seconds} s`)}  ${word} ${printableLine(text)}\n`);
  };
  const close = (event: { step: readonly string[] }): { title: string; took: string } => {
    const step = steps.get(stepKey(event.step));
    steps.delete(stepKey(event.step));
    return {
      title: step?.title ?? event.step.join(' '),
      took: step === undefined ? '' : duration(now() - step.startedAt),
    };
  };
  const emit = (event: LabEvent): void => {
    switch (event.type) {
      case 'step-started':
        steps.set(stepKey(event.step), { title: event.title, startedAt: now(), saidAt: now() });
        return line('start  ', event.title);
      case 'step-progress': {
        const step = steps.get(stepKey(event.step));
        if (step === undefined || now() - step.saidAt < progressEveryMs) return;
        step.saidAt = now();
        return line(colours.dim('…      '), `${step.title}: ${event.detail}`);
      }
      case 'step-done': {
        const { title, took } = close(event);
        return line(colours.green('done   '), [title, event.detail, took].filter(Boolean).join(' — '));
      }
      case 'step-skipped':
        return line(colours.dim('skipped'), `${close(event).title} — ${event.reason}`);
      case 'step-failed':
        return line(colours.red('FAILED '), `${close(event).title} — ${event.detail}`);
      case 'note':
        return line('note   ', event.text);
      case 'warning':
        return line(colours.yellow('WARNING'), event.text);
    }
  };
  return { emit, pause: () => undefined, end: () => undefined };
}
