import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { activeTargets, askApi } from '../prometheus/ask.ts';
import { drillChecks, drillOptions } from './cast-drill.ts';
import { checkAllWell } from './premises.ts';
import { trial } from './trial.ts';
import { firing, nameOf } from './watch.ts';

const pollMs = 400;
/** Prometheus takes its targets up 5 s after its start (discovery manager). */
const settleMs = 12_000;

/** There are rules for alerts, and nothing fires while all is well. */
export const quiet = defineMeasure({
  options: z.strictObject({ seconds: z.number().default(6), alerts: z.array(z.string()).min(1) }),
  run: async (context, { seconds, alerts }) => {
    const { groups } = await askApi<{ groups: { rules: { name: string }[] }[] }>(context, 'rules');
    const names = new Set(groups.flatMap(({ rules }) => rules.map(({ name }) => name)));
    if (!alerts.some((alert) => names.has(alert)))
      return { good: false, observed: `there is no rule ${alerts.join(', ')}` };
    await untilAsked(context);
    const seen = new Set<string>();
    const deadline = performance.now() + seconds * 1000;
    while (performance.now() < deadline) {
      for (const alert of await firing(context)) seen.add(nameOf(alert));
      await pause(pollMs, undefined, { signal: context.signal });
    }
    if (seen.size > 0) await checkAllWell(context, drillChecks(context));
    return {
      good: seen.size === 0,
      observed:
        seen.size === 0 ? `nothing fires for ${seconds} s` : `while all is well, this fires: ${[...seen].join(', ')}`,
    };
  },
});

/** Every target was asked for the first time: before that, rules know nothing. */
async function untilAsked(context: MeasureContext): Promise<void> {
  const deadline = performance.now() + settleMs;
  while (performance.now() < deadline) {
    const targets = await activeTargets(context);
    if (targets.length > 0 && targets.every(({ health }) => health === 'up')) return;
    await pause(pollMs, undefined, { signal: context.signal });
  }
}

/** A fault is put in, and the right alert fires for the service that is hit, in time, and for no other. */
export const fires = defineMeasure({
  options: drillOptions,
  alone: true,
  run: async (context, { alert, withinSeconds }) => {
    const { told } = await trial(context);
    const mine = told.find(({ drill }) => drill.alert === alert);
    const { afterMs, wrong = [], drill } = mine ?? {};
    const where = drill?.instance ?? '';
    const words =
      afterMs === undefined
        ? `does not fire for ${where} within ${withinSeconds} s`
        : `fires for ${where} after ${(afterMs / 1000).toFixed(0)} s`;
    const others = wrong.length === 0 ? '' : `; it fires without cause: ${wrong.join(', ')}`;
    return { good: afterMs !== undefined && wrong.length === 0, observed: `${alert} ${words}${others}` };
  },
});

/** Alerts end when what they are about has ended. */
export const end = defineMeasure({
  options: z.strictObject({}),
  alone: true,
  run: async (context) => {
    const { told } = await trial(context);
    const judged = told.filter(({ ended }) => ended !== undefined);
    const stuck = judged.filter(({ ended }) => ended === false).map(({ drill }) => drill.alert);
    return {
      good: judged.length > 0 && stuck.length === 0,
      observed:
        judged.length === 0
          ? 'none had fired'
          : stuck.length === 0
            ? `${judged.length} alerts have ended`
            : `still firing 20 s after the mending: ${stuck.join(', ')}`,
    };
  },
});

/** One answer that is missing is no outage. */
export const patient = defineMeasure({
  options: z.strictObject({}),
  alone: true,
  run: async (context) => {
    const { forBlip } = await trial(context);
    return {
      good: forBlip.length === 0,
      observed:
        forBlip.length === 0
          ? 'one missing answer alerts nobody'
          : `one missing answer, and this fires: ${forBlip.join(', ')}`,
    };
  },
});
