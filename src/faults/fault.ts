import type { ServiceKind } from '../lab/schema.ts';
import type { Plan } from '../plan/types.ts';
import type { RunningLab } from './running-lab.ts';

export const parts = ['firewalls', 'tls', 'balancer', 'servers', 'database', 'monitoring', 'network'] as const;

/** Which part of the infrastructure a fault is in; listings go in this order. */
export type Part = (typeof parts)[number];

/** A reversible way to break a running lab. */
export interface Fault {
  /** `<part>-<what>`, in kebab case. */
  name: string;
  part: Part;
  /** What is wrong, in one line: the answer to the riddle. */
  title: string;
  /** 1 is seen at a glance, 2 takes a look at two places, 3 takes thought. */
  difficulty: 1 | 2 | 3;
  /** What a visitor notices. */
  visitor: string;
  /** Whether a visitor feels it at once. */
  felt: boolean;
  /** The checks that must fail, and no others: ids or globs over ids. */
  checks: readonly string[];
  /** Checks that must fail too in a lab that has them: globs that may match none. */
  also?: readonly string[];
  /** The alert that must reach the administrators, and how soon: seconds from the breaking to the mail. */
  alert: { name: string; withinSeconds: number };
  /** From a nudge to nearly the answer. */
  hints: readonly [string, string, string];
  /** Kinds of service without which there is nothing to break. */
  needs?: readonly ServiceKind[];
  /** Whether this lab, with all those services, has the thing that it breaks; default yes. */
  fits?(plan: Plan): boolean;
  /** What it does to this lab, in the order in which it is done; undone the other way round. */
  changes(plan: Plan): Change[];
}

/** One thing that a fault changes: its state can be read, changed, and put back to what it was. */
export interface Change {
  /**
   * What it lays hands on, as a path: `fw-data/rules`, or `db-primary` for a whole service. Faults that touch the same
   * thing, or a part of it, exclude each other.
   */
  touches: string;
  /** How it is now, as text; the same text is the same state. */
  read(lab: RunningLab): Promise<string>;
  /** Breaks it. @param before what `read` gave */
  apply(lab: RunningLab, before: string): Promise<void>;
  /** Puts it back, whatever became of it meanwhile. May take a moment to show in `read`. */
  restore(lab: RunningLab, before: string): Promise<void>;
  /** Whether the container runs is the very state: one that is stopped is not started beforehand. */
  ownsContainer?: boolean;
  /** `read` does not show all of it (a file, and not who has read it): it is restored even where it looks right. */
  restoreAlways?: boolean;
}

/** The service whose thing it is. */
export function serviceOf({ touches }: Pick<Change, 'touches'>): string {
  return touches.split('/')[0] ?? touches;
}

/** Whether two things are the same, or one is a part of the other. */
export function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
