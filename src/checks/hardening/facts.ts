import type { ContainerInspectInfo } from 'dockerode';
import type { Plan, ServicePlan } from '../../plan/types.ts';
import { verdict, type Check, type CheckContext, type Observation } from '../check.ts';
import { count, few } from '../words.ts';

export type HardeningCheck = Omit<Check, 'requirement'>;
export type Facts = ContainerInspectInfo;

/** `docker inspect` of every container of the plan, as it runs. */
export async function eachContainer(context: CheckContext): Promise<{ service: ServicePlan; facts: Facts }[]> {
  return Promise.all(
    context.plan.services.map(async (service) => ({ service, facts: await context.facts(service.name) })),
  );
}

/** A check of one promise over all containers: `offence` says what is wrong with one, if anything. */
export function promise(
  check: Omit<HardeningCheck, 'run'>,
  offence: (service: ServicePlan, facts: Facts) => string | undefined,
  more: (facts: readonly Facts[]) => string = () => '',
): HardeningCheck {
  return {
    ...check,
    run: async (context) => {
      const all = await eachContainer(context);
      return offences(
        all.length,
        all.flatMap(({ service, facts }) => {
          const found = offence(service, facts);
          return found === undefined ? [] : [`${service.name} ${found}`];
        }),
        more(all.map(({ facts }) => facts)),
      );
    },
  };
}

/** Names who breaks a promise, or says how many keep it. */
export function offences(containers: number, words: readonly string[], more = ''): Observation {
  if (words.length > 0) return verdict(false, few(words));
  return verdict(true, `kept by ${count(containers, 'container')}${more === '' ? '' : `: ${more}`}`);
}

/** Reads one thing of every container for a person. */
export function inspect(plan: Plan, format: string): string {
  return `docker inspect $(docker ps -qf label=com.docker.compose.project=${plan.settings.project}) --format '{{.Name}} ${format}'`;
}
