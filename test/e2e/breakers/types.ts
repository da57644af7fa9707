import type Docker from 'dockerode';
import type { CommandResult } from '../../../src/engine/shell.ts';
import type { Plan } from '../../../src/plan/types.ts';

/** A running lab as the breakers lay hands on it. */
export interface LabUnderTest {
  project: string;
  docker: Docker;
  plan: Plan;
  /** Runs a command in a service's container as the service's own user (root on a firewall), whatever it ends with. */
  exec(service: string, argv: readonly string[]): Promise<CommandResult>;
  /** The container of a service, as it is now. @throws when there is none */
  container(service: string): Promise<Docker.Container>;
  /** One SQL statement as MySQL's own administrator, in a database's container. @throws when MySQL refuses it */
  sql(service: string, statement: string): Promise<string>;
}

/** Breaks what one check states, so that this check fails; `mend` puts it back, and may be called twice. */
export interface Breaker {
  /** Id of the check. */
  check: string;
  breakIt(lab: LabUnderTest): Promise<void>;
  mend(lab: LabUnderTest): Promise<void>;
}
