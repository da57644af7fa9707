import type { Lab, ServiceKind } from '../../lab/schema.ts';
import type { ScrapePlan } from '../types.ts';

export type Severity = 'critical' | 'warning' | 'info';

/** One alert of Prometheus. Texts may hold Prometheus' own templates. */
export interface AlertRule {
  alert: string;
  /** PromQL, written the way Prometheus prints it, so that what is loaded can be compared with it. */
  expr: string;
  /** How long it must hold, in seconds. */
  forSeconds: number;
  /**
   * How long it fires on when it holds no more, in seconds. Of an alert that ends while another inhibits it, Alertmanager mails no end, and
   * takes the next one for told already: it has to outlive what inhibits it.
   */
  keepFiringSeconds?: number;
  severity: Severity;
  summary: string;
  description: string;
  /** Labels of its own, where the expression has none or others. */
  labels?: Readonly<Record<string, string>>;
}

/** One recorded series. */
export interface RecordingRule {
  record: string;
  expr: string;
}

/** Rules of one area: a file of Prometheus' own. */
export interface RuleGroup {
  name: string;
  /** Default: as often as Prometheus asks its targets. */
  everySeconds?: number;
  rules: readonly (AlertRule | RecordingRule)[];
}

/** What rules are made from: what the lab has, and what Prometheus asks. */
export interface RuleInput {
  lab: Lab;
  scrapes: readonly ScrapePlan[];
}

export function isAlert(rule: AlertRule | RecordingRule): rule is AlertRule {
  return 'alert' in rule;
}

/** Whether the lab has a service of this kind. */
export function has({ lab }: RuleInput, kind: ServiceKind): boolean {
  return Object.values(lab.services).some((service) => service.kind === kind);
}

/** Where an alert is explained, relative to the repository's root: a lab has no address of its own for it. */
export function runbookOf(alert: string): string {
  return `docs/runbooks.md#${alert.toLowerCase()}`;
}
