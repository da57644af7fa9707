import { rolesNow } from '../../checks/database/roles.ts';
import type { RunningLab } from '../running-lab.ts';

/** The database that takes writes now: what is written there, the others get from it. @throws when there is none */
export async function whoWrites(lab: RunningLab): Promise<string> {
  const exec = (service: string, argv: readonly string[]) => lab.tryRun(service, argv);
  return (await rolesNow({ plan: lab.plan, exec })).primary.name;
}
