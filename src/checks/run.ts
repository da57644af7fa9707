import type { Emit } from '../events.ts';
import { requirements, type Check, type CheckContext } from './check.ts';
import { measure } from './measure.ts';
import { summarise, type CheckResult, type VerifyResult } from './result.ts';
import { collide, startingOrder } from './schedule.ts';
import { selectChecks } from './select.ts';

export interface RunOptions {
  checks: readonly Check[];
  context: CheckContext;
  emit?: Emit;
  /** Globs over ids; see `selectChecks`. */
  only?: string | readonly string[];
  /** How many checks at a time; default 24, as they mostly wait. */
  width?: number;
}

/**
 * Runs checks side by side and gives the result in the order of their definition. A check never throws out of here.
 * @throws `CHECK_UNKNOWN` when `only` matches nothing; the signal's reason when the run is given up, after the
 * checks under way have put back what they disturbed
 */
export async function runChecks(options: RunOptions): Promise<VerifyResult> {
  const { checks, context, emit = () => undefined, only, width = 24 } = options;
  const started = performance.now();
  const { reported, run } = selectChecks(checks, only);
  const seen = new Set(reported);
  const done = await runAll(run, Math.max(1, width), context.signal, async (check, results) => {
    const step = ['checks', check.id];
    const visible = seen.has(check);
    const blocker = (check.dependsOn ?? []).map((id) => results.get(id)).find((one) => one?.status !== 'passed');
    if (blocker !== undefined) {
      if (visible) emit({ type: 'step-skipped', step, reason: `blocked by ${rootOf(blocker, results).id}` });
      return { result: blockedResult(check, rootOf(blocker, results)), ended: Promise.resolve() };
    }
    if (visible) emit({ type: 'step-started', step, title: check.title });
    const { observation, durationMs, ended } = await measure(check, context);
    const { status, observed } = observation;
    if (visible && status === 'passed') emit({ type: 'step-done', step, detail: observed });
    if (visible && status === 'failed') emit({ type: 'step-failed', step, detail: observed });
    if (visible && status === 'skipped') emit({ type: 'step-skipped', step, reason: observed });
    const points = status === 'skipped' ? 0 : check.points;
    return { result: { ...facts(check), status, points, observed, blockedBy: null, durationMs }, ended };
  });
  context.signal.throwIfAborted();
  const results = reported.map(({ id }) => done.get(id) as CheckResult);
  return {
    lab: context.plan.lab.name,
    project: context.project,
    summary: summarise(results, performance.now() - started),
    absent: requirements.filter((requirement) => !checks.some((check) => check.requirement === requirement)),
    checks: results.map(inContractOrder),
  };
}

type Runner = (
  check: Check,
  results: ReadonlyMap<string, CheckResult>,
) => Promise<{ result: CheckResult; ended: Promise<void> }>;

/** Starts each check as soon as what it depends on is measured and nothing that collides with it is running. */
async function runAll(
  checks: readonly Check[],
  width: number,
  signal: AbortSignal,
  runner: Runner,
): Promise<ReadonlyMap<string, CheckResult>> {
  const results = new Map<string, CheckResult>();
  const waiting = startingOrder(checks);
  const running = new Map<Check, Promise<void>>();
  while (running.size > 0 || (waiting.length > 0 && !signal.aborted)) {
    if (signal.aborted) waiting.length = 0;
    for (const check of [...waiting]) {
      if (running.size >= width) break;
      const ready = (check.dependsOn ?? []).every((id) => results.has(id));
      if (!ready || [...running.keys()].some((other) => collide(check, other))) continue;
      waiting.splice(waiting.indexOf(check), 1);
      const work = runner(check, results).then(async ({ result, ended }) => {
        results.set(check.id, result);
        // What it disturbs is put back only when it has really ended.
        await ended;
        running.delete(check);
      });
      running.set(check, work);
    }
    await Promise.race(running.values());
  }
  return results;
}

function facts(check: Check): Pick<CheckResult, 'id' | 'title' | 'requirement' | 'expected' | 'reproduce' | 'hint'> {
  const { id, title, requirement, expected, reproduce, hint } = check;
  return { id, title, requirement, expected, reproduce, hint };
}

/** What stands at the beginning of a chain of blocked checks: the one to be mended. */
function rootOf(blocker: CheckResult, results: ReadonlyMap<string, CheckResult>): CheckResult {
  return blocker.blockedBy === null ? blocker : (results.get(blocker.blockedBy) ?? blocker);
}

/** Skipped, and worth as much as ever, unless what blocks it does not apply on this machine. */
function blockedResult(check: Check, root: CheckResult): CheckResult {
  return {
    ...facts(check),
    status: 'skipped',
    points: root.status === 'failed' ? check.points : 0,
    observed: `not measured: “${root.title}” ${root.status === 'failed' ? 'failed' : 'was skipped'}`,
    blockedBy: root.id,
    durationMs: 0,
  };
}

function inContractOrder(result: CheckResult): CheckResult {
  const { id, title, requirement, status, points, expected, observed, reproduce, hint, blockedBy, durationMs } = result;
  return { id, title, requirement, status, points, expected, observed, reproduce, hint, blockedBy, durationMs };
}
