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

export interface DrillOptions {
  alert: string;
  fault: string;
  /** Services of which one is hit: which, nobody can know before. */
  among: readonly string[];
}

/** Faults that always hit the same service, made for another one. Others take the last server of the plan. */
const elsewhere: Readonly<Record<string, (service: string) => Change[]>> = {
  'monitoring-client-gone': (service) => [processState(service, 'node-exporter', 'stopped')],
};

/** Who is hit in this run. */
export function cast({ plan, fresh }: MeasureContext, { alert, fault: name, among }: DrillOptions): Drill {
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
