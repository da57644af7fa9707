import type { ContainerInspectInfo } from 'dockerode';
import type { Plan, ServicePlan } from '../plan/types.ts';
import type { Capture } from '../probe/capture.ts';
import type { FirewallCounter } from '../probe/firewall-counters.ts';
import type { Sample } from '../probe/prometheus.ts';
import type { Vantages } from '../probe/vantages.ts';

export const requirements = [
  'firewalls',
  'tls',
  'balancing',
  'servers',
  'database',
  'monitoring',
  'hardening',
] as const;

/** What a check is about; reports group by it, in this order. */
export type Requirement = (typeof requirements)[number];

export type Status = 'passed' | 'failed' | 'skipped';

/** What a check saw. */
export interface Observation {
  status: Status;
  observed: string;
}

export const passed = (observed: string): Observation => ({ status: 'passed', observed });
export const failed = (observed: string): Observation => ({ status: 'failed', observed });
/** It cannot be measured on this machine (Grafana's image, say); it then counts for no points. */
export const skipped = (observed: string): Observation => ({ status: 'skipped', observed });

/** `passed` or `failed`, with the same words. */
export const verdict = (good: boolean, observed: string): Observation => (good ? passed(observed) : failed(observed));

/** One measured statement about a running lab. */
export interface Check {
  /** `<requirement>.<what>`, for example `tls.redirects-http`; `--only` matches it. */
  id: string;
  title: string;
  requirement: Requirement;
  points: number;
  /** What must be seen, in one line. */
  expected: string;
  /** A command that shows the same to a person. */
  reproduce: string;
  hint: string;
  /** Ids of checks that must have passed; otherwise this one is skipped, blocked by them. */
  dependsOn?: readonly string[];
  /** What it disturbs while it runs, for example `web`: nothing that needs it runs at the same time; `everything` (schedule.ts): nothing at all does. */
  disturbs?: readonly string[];
  /** What must be undisturbed while it runs. */
  needs?: readonly string[];
  /** Measure again until it passes or this time is over: for what takes a moment to settle. */
  retry?: { deadlineMs: number };
  /** For the whole check; default 30 s, plus the deadline of `retry`. */
  timeoutMs?: number;
  /** Whatever is thrown makes the check fail with the error's words. */
  run(context: CheckContext): Promise<Observation>;
}

export interface ExecOutcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** What a check may use. */
export interface CheckContext {
  plan: Plan;
  project: string;
  vantages: Vantages;
  /** A service of the plan. @throws when there is none of that name */
  service(name: string): ServicePlan;
  /** Runs a command in a service's container, without a shell. */
  exec(
    service: string,
    argv: readonly string[],
    options?: { stdin?: string; timeoutMs?: number },
  ): Promise<ExecOutcome>;
  /** `docker inspect` of a service's container, read once. */
  facts(service: string): Promise<ContainerInspectInfo>;
  /** Stops a service's container; `disturbs` must name what that breaks, and `start` goes in a `finally`. */
  stop(service: string): Promise<void>;
  start(service: string): Promise<void>;
  /** Kills a service's container, as a power cut would; `start` goes in a `finally`. */
  kill(service: string): Promise<void>;
  /** What a firewall has counted since its rules were loaded. */
  counters(firewall: string, family?: 'IPv4' | 'IPv6'): Promise<FirewallCounter[]>;
  /** A PromQL expression, evaluated now. */
  prometheus(expression: string): Promise<Sample[]>;
  /** A secret as the service is given it, without the final newline. */
  secret(service: string, name: string): Promise<string>;
  /** SHA-256 of every file of the project as it was written, by path; null for keys and secrets. */
  written: Readonly<Record<string, string | null>>;
  /** Listens to what goes through zones (pcap-filter(7)); default all of it. Its `stop` goes in a `finally`. */
  listen(zones: readonly string[], filter?: string): Promise<Capture>;
  /** PEM of the lab's CA. */
  ca(): Promise<string>;
  /** Ends all that was opened to measure with. */
  close(): Promise<void>;
  /** Aborted when the check's time is over or the run is given up. */
  signal: AbortSignal;
}
