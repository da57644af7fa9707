import { setTimeout as pause } from 'node:timers/promises';
import type { MeasureContext } from '../measure.ts';
import { askApi } from '../prometheus/ask.ts';
import type { Broken } from './broken.ts';
import type { Drill } from './cast-drill.ts';

interface Alert {
  labels: Record<string, string>;
  state: string;
  /** RFC 3339: since when its expression holds. */
  activeAt: string;
}

const pollMs = 400;
/** Clocks of containers are this machine’s; an evaluation may have begun just before. */
const slackMs = 1500;

export async function firing(context: MeasureContext): Promise<Alert[]> {
  const { alerts } = await askApi<{ alerts: Alert[] }>(context, 'alerts');
  return alerts.filter(({ state }) => state === 'firing');
}

/** An alert in few words: `NginxDown (web1)`. */
export function nameOf({ labels }: Pick<Alert, 'labels'>): string {
  return `${labels['alertname'] ?? ''} (${labels['instance'] ?? 'without instance'})`;
}

/** Follows which alerts fire, while faults come and go. */
export class Watch {
  readonly #context: MeasureContext;
  readonly #drills: readonly Drill[];
  /** When each alert was first seen firing for what was broken, by the alert’s name. */
  readonly fired = new Map<string, number>();
  /** What fired and should not have, by the alert’s name. */
  readonly wrong = new Map<string, Set<string>>();
  /** What fires now. */
  now: Alert[] = [];

  constructor(context: MeasureContext, drills: readonly Drill[]) {
    this.#context = context;
    this.#drills = drills;
  }

  /** Looks until something is so, or the time is over. @returns whether it is so */
  async until(done: () => boolean, deadlineMs: number, broken: readonly Broken[], blip: string): Promise<boolean> {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      this.now = await firing(this.#context);
      for (const drill of this.#drills) this.#note(drill, broken, blip);
      if (done()) return true;
      if (performance.now() > deadline) return false;
      await pause(pollMs, undefined, { signal: this.#context.signal });
    }
  }

  /** Whether an alert fires for any service that is not only away for a moment. */
  fires(alert: string, blip: string): boolean {
    return this.now.some(({ labels }) => labels['alertname'] === alert && labels['instance'] !== blip);
  }

  #note(drill: Drill, broken: readonly Broken[], blip: string): void {
    const fault = broken.find((one) => one.drill === drill);
    for (const alert of this.now.filter(({ labels }) => labels['alertname'] === drill.alert)) {
      const right =
        fault !== undefined &&
        alert.labels['instance'] === drill.instance &&
        Date.parse(alert.activeAt) >= fault.since - slackMs;
      if (right) this.fired.set(drill.alert, this.fired.get(drill.alert) ?? Date.now());
      else if (alert.labels['instance'] !== blip)
        this.wrong.set(drill.alert, (this.wrong.get(drill.alert) ?? new Set()).add(nameOf(alert)));
    }
  }
}
