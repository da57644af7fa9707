import * as z from 'zod';
import { once } from '../../../checks/once.ts';
import { machineError } from '../../../errors.ts';
import type { MeasureContext } from '../measure.ts';
import { breakWith, mend, type Broken } from './broken.ts';
import { blip } from './blip.ts';
import { cast, type Drill } from './cast-drill.ts';
import { Watch } from './watch.ts';

export const drillOptions = z.strictObject({
  alert: z.string(),
  fault: z.string(),
  /** What the alert’s `instance` must be: the service that is hit, one of these. */
  among: z.array(z.string()).min(1),
  /** `either`: now in the first wave of faults, now in the second, as nobody can know. */
  wave: z.enum(['first', 'either']).default('first'),
  withinSeconds: z.number().default(20),
});
type Options = z.output<typeof drillOptions>;

/** What became of one alert. */
export interface Told {
  drill: Drill;
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

/** Alerts end as late as they come. */
const endSeconds = 20;

/**
 * One trial of the rules for all checks of a run, since faults take their time: one client is away for a moment; then the first wave of
 * faults is put in, and their alerts are waited for; it is taken out while the second is put in. By time alone no rule can tell
 * which fault is in.
 */
export function trial(context: MeasureContext): Promise<Trial> {
  return once(context.lab, 'alerts/trial', () => run(context));
}

async function run(context: MeasureContext): Promise<Trial> {
  const all = context.exercise.checks
    .filter(({ measure }) => measure === 'alert-fires')
    .map((check) => drillOptions.parse(check.with));
  const later = pick(context, all);
  const drills = new Map(all.map((options) => [options, cast(context, options)]));
  const watch = new Watch(context, [...drills.values()]);
  const broken: Broken[] = [];
  const wave = async (second: boolean): Promise<{ options: Options; fault: Broken }[]> => {
    const put: { options: Options; fault: Broken }[] = [];
    for (const [options, drill] of drills) {
      if ((options === later) !== second) continue;
      const fault = await breakWith(context, drill);
      broken.push(fault);
      put.push({ options, fault });
    }
    return put;
  };
  const away = await blip(context);
  const heard = async (put: { options: Options; fault: Broken }[]): Promise<void> => {
    const longest = Math.max(...put.map(({ options, fault }) => fault.at + options.withinSeconds * 1000)) - Date.now();
    await watch.until(() => put.every(({ fault }) => watch.fired.has(fault.drill.alert)), longest, broken, away);
  };
  const mended = new Set<Broken>();
  const takeOut = async (these: readonly Broken[]): Promise<void> => {
    for (const one of these.filter((each) => !mended.has(each))) {
      await mend(context, one);
      mended.add(one);
    }
  };
  try {
    const first = await wave(false);
    await heard(first);
    const second = await wave(true);
    await takeOut(first.map(({ fault }) => fault));
    await heard(second);
    const over = (): boolean =>
      first.every(({ fault: { drill } }) => !watch.fired.has(drill.alert) || !watch.fires(drill.alert, away));
    await watch.until(over, endSeconds * 1000, broken, away);
    const told = [...first, ...second].map(({ options, fault: { drill, at, since } }): Told => {
      const when = watch.fired.get(drill.alert);
      const inTime = when !== undefined && when <= at + options.withinSeconds * 1000;
      return {
        drill,
        afterMs: inTime ? when - since : undefined,
        wrong: [...(watch.wrong.get(drill.alert) ?? [])],
        ended: options === later || when === undefined ? undefined : !watch.fires(drill.alert, away),
      };
    });
    return { told, forBlip: [...watch.forBlip] };
  } finally {
    await takeOut([...broken].reverse());
  }
}

/** The fault that comes in the second wave. */
function pick(context: MeasureContext, all: readonly Options[]): Options | undefined {
  const either = all.filter(({ wave }) => wave === 'either');
  if (either.length === 0 && all.length === 0)
    throw machineError('STAGE_FAULT', { message: 'the exercise has no check with the measure alert-fires' });
  return either[parseInt(context.fresh('wave').slice(0, 6), 16) % Math.max(1, either.length)];
}
