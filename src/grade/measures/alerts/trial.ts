import { once } from '../../../checks/once.ts';
import { machineError } from '../../../errors.ts';
import type { MeasureContext } from '../measure.ts';
import { breakWith, mend, type Broken } from './broken.ts';
import { blip } from './blip.ts';
import { cast, drillChecks, type DrillCheck } from './cast-drill.ts';
import { firedFor } from './facts.ts';
import { checkPremises } from './premises.ts';
import type { Told, Trial } from './told.ts';
import { Watch } from './watch.ts';

/** Alerts end as late as they come. */
const endSeconds = 20;

/**
 * One trial of the rules for all checks of a run, since faults take their time: one client is away for a moment; then the first wave of
 * faults is put in, and their alerts are waited for; it is taken out while the second is put in. By time alone no rule can tell
 * which fault is in.
 */
export async function trial(context: MeasureContext): Promise<Trial> {
  // What has failed once takes as long again, and each check asks for it.
  const outcome = await once(context.lab, 'alerts/trial', () =>
    run(context).then(
      (made) => () => made,
      (error: unknown) => () => {
        throw error;
      },
    ),
  );
  return outcome();
}

async function run(context: MeasureContext): Promise<Trial> {
  const all = drillChecks(context);
  const later = pick(context, all);
  const drills = new Map(all.map((options) => [options, cast(context, options)]));
  const watch = new Watch(context, [...drills.values()]);
  const broken: Broken[] = [];
  const wave = async (second: boolean): Promise<{ options: DrillCheck; fault: Broken }[]> => {
    const put: { options: DrillCheck; fault: Broken }[] = [];
    for (const [options, drill] of drills) {
      if ((options === later) !== second) continue;
      const fault = await breakWith(context, drill);
      broken.push(fault);
      put.push({ options, fault });
    }
    return put;
  };
  const from = Date.now();
  const away = await blip(context);
  const heard = async (put: { options: DrillCheck; fault: Broken }[]): Promise<void> => {
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
    // Mending takes as long as alerts do: whoever waited for it first would hear of the second wave too late.
    const mending = takeOut(first.map(({ fault }) => fault));
    try {
      await heard(second);
    } finally {
      await mending;
    }
    const over = (): boolean =>
      first.every(({ fault: { drill } }) => !watch.fired.has(drill.alert) || !watch.fires(drill.alert, away));
    await watch.until(over, endSeconds * 1000, broken, away);
    const told = [...first, ...second].map(({ options, fault: { drill, at, since } }): Told => {
      const when = watch.fired.get(drill.alert);
      const counts = { from: at, to: at + options.withinSeconds * 1000 };
      const inTime = when !== undefined && when <= counts.to;
      return {
        drill,
        fact: options.fact,
        counts,
        afterMs: inTime ? when - since : undefined,
        wrong: [...(watch.wrong.get(drill.alert) ?? [])],
        ended: options === later || when === undefined ? undefined : !watch.fires(drill.alert, away),
      };
    });
    const whole = { from, to: Date.now() };
    const alerts = new Set(all.map(({ alert }) => alert));
    const forBlip = (await firedFor(context, away, whole)).filter((alert) => alerts.has(alert));
    await checkPremises(context, { told, forBlip }, away, whole);
    return { told, forBlip };
  } finally {
    await takeOut([...broken].reverse());
  }
}

/** The fault that comes in the second wave. */
function pick(context: MeasureContext, all: readonly DrillCheck[]): DrillCheck | undefined {
  const either = all.filter(({ wave }) => wave === 'either');
  if (either.length === 0 && all.length === 0)
    throw machineError('STAGE_FAULT', { message: 'the exercise has no check with the measure alert-fires' });
  return either[parseInt(context.fresh('wave').slice(0, 6), 16) % Math.max(1, either.length)];
}
