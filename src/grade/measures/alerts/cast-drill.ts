import * as z from 'zod';
import { faultNamed } from '../../../faults/break.ts';
import { processState } from '../../../faults/changes/process.ts';
import type { Change, Fault } from '../../../faults/fault.ts';
import type { Plan } from '../../../plan/types.ts';
import type { MeasureContext } from '../measure.ts';

/** One fault of the exercise, the service that it hits in this run, and the alert that must say so. */
export interface Drill {
  alert: string;
  fault: Fault;
  /** What the alert’s `instance` must be. */
  instance: string;
}

export const drillOptions = z.strictObject({
  alert: z.string(),
  fault: z.string(),
  /** What the alert’s `instance` must be: the service that is hit, one of these. */
  among: z.array(z.string()).min(1),
  /** In PromQL, with `instance` for each: what it holds for, Prometheus sees broken in this way. */
  fact: z.string(),
  /** `either`: now in the first wave of faults, now in the second, as nobody can know. */
  wave: z.enum(['first', 'either']).default('first'),
  withinSeconds: z.number().default(20),
});
export type DrillCheck = z.output<typeof drillOptions>;

/** Faults that always hit the same service, made for another one. Others take the last server of the plan. */
const elsewhere: Readonly<Record<string, (service: string) => Change[]>> = {
  'monitoring-client-gone': (service) => [processState(service, 'node-exporter', 'stopped')],
};

/** The checks of an exercise that put in a fault. */
export function drillChecks({ exercise }: MeasureContext): DrillCheck[] {
  return exercise.checks
    .filter(({ measure }) => measure === 'alert-fires')
    .map((check) => drillOptions.parse(check.with));
}

/** Who is hit in this run. */
export function cast({ plan, fresh }: MeasureContext, { alert, fault: name, among }: DrillCheck): Drill {
  const fault = faultNamed(plan, name);
  const chosen = among[parseInt(fresh(`victim/${name}`).slice(0, 6), 16) % among.length] ?? '';
  const known = plan.services.some((service) => service.name === chosen);
  if (!known) return { alert, fault, instance: chosen };
  const changes = (of: Plan): Change[] => elsewhere[name]?.(chosen) ?? fault.changes(withLast(of, chosen));
  return { alert, fault: { ...fault, changes }, instance: chosen };
}

function withLast(plan: Plan, name: string): Plan {
  const services = [...plan.services].sort((a, b) => Number(a.name === name) - Number(b.name === name));
  return { ...plan, services };
}
