import type { MeasureContext } from '../measure.ts';
import type { DrillCheck } from './cast-drill.ts';
import { heldFor, tooSlow, type Period } from './facts.ts';
import type { Told, Trial } from './told.ts';

/** As far back as a submission’s Prometheus can remember: it is started for it. */
const longestMs = 600_000;
/** Prometheus asks every 2 s, and some clients look every few seconds themselves. */
const seenLateSeconds = 7;
/** Within these seconds before the end, alerts of what is mended may still be ending. */
const endingMs = 12_000;
/** Two missed answers, with the time to the next. */
const awaySeconds = 6;

/**
 * Something has fired while all was to be well: whether it was.
 * @throws UserError `STAGE_SLOW` of the machine when Prometheus saw something fail
 */
export async function checkAllWell(context: MeasureContext, checks: readonly DrillCheck[]): Promise<void> {
  const now = Date.now();
  for (const { fact } of checks) {
    const found = [...(await heldFor(context, fact, { from: now - longestMs, to: now })).keys()];
    if (found.length > 0)
      throw tooSlow('the stage was to be well, and Prometheus saw a part of it fail', found.join(', '));
  }
}

/**
 * Before a trial counts against the submission: whether Prometheus saw what was broken, in time, and nothing else.
 * @param away the service that was away for a moment
 * @throws UserError `STAGE_SLOW` of the machine when it did not
 */
export async function checkPremises(
  context: MeasureContext,
  { told, forBlip }: Trial,
  away: string,
  whole: Period,
): Promise<void> {
  if (told.some(({ wrong }) => wrong.length > 0)) await checkOthersWell(context, told, away, whole);
  for (const one of told) {
    if (one.afterMs === undefined) await checkSeen(context, one);
    if (one.ended === false) await checkMended(context, one, whole.to);
  }
  if (forBlip.length > 0) await checkAway(context, away, whole);
}

async function checkOthersWell(
  context: MeasureContext,
  told: readonly Told[],
  away: string,
  whole: Period,
): Promise<void> {
  for (const { fact, drill } of told) {
    const held = [...(await heldFor(context, fact, whole)).keys()];
    const others = held.filter((instance) => instance !== drill.instance && instance !== away);
    if (others.length > 0) throw tooSlow('Prometheus saw something fail that was not broken', others.join(', '));
  }
}

async function checkSeen(context: MeasureContext, { drill, fact, counts }: Told): Promise<void> {
  const seen = (await heldFor(context, fact, counts)).get(drill.instance) ?? 0;
  if (seen < (counts.to - counts.from) / 1000 - seenLateSeconds)
    throw tooSlow(
      `Prometheus saw ${drill.fault.name} too late`,
      `for ${seen} s of ${(counts.to - counts.from) / 1000}`,
    );
}

async function checkMended(context: MeasureContext, { drill, fact }: Told, to: number): Promise<void> {
  const seen = (await heldFor(context, fact, { from: to - endingMs, to })).get(drill.instance) ?? 0;
  if (seen > 0) throw tooSlow(`Prometheus saw ${drill.fault.name} for longer than it was there`, drill.instance);
}

async function checkAway(context: MeasureContext, away: string, whole: Period): Promise<void> {
  const seen = (await heldFor(context, `up{instance="${away}"} == 0`, whole)).get(away) ?? 0;
  if (seen > awaySeconds) throw tooSlow(`${away} was to be away for a moment`, `for ${seen} s`);
}
