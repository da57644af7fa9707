import { ruleGroups } from '../../plan/alerts/all.ts';
import { isAlert } from '../../plan/alerts/rule.ts';
import type { Plan } from '../../plan/types.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { prometheusApi } from './targets.ts';

/** Prometheus prints expressions its own way; blanks are all that differs, as the rules are written like that. */
const bare = (expression: string): string => expression.replace(/\s+/g, '');

/** Every rule of the plan, as `name expression`. */
export function plannedRules(plan: Plan): string[] {
  const scrapes = plan.services.flatMap((service) => service.scrapes);
  return ruleGroups({ lab: plan.lab, scrapes })
    .flatMap(({ rules }) => rules)
    .map((rule) => `${isAlert(rule) ? rule.alert : rule.record} ${bare(rule.expr)}`);
}

/** Whether Prometheus has loaded the rules of the plan, all of them and no others. */
export async function rulesLoaded(context: CheckContext): Promise<Observation> {
  const { groups } = await prometheusApi<{ groups: { rules: { name: string; query: string }[] }[] }>(context, 'rules');
  const loaded = groups.flatMap(({ rules }) => rules.map(({ name, query }) => `${name} ${bare(query)}`));
  const planned = plannedRules(context.plan);
  const name = (rule: string): string => rule.split(' ')[0] ?? '';
  const missing = planned.filter((rule) => !loaded.includes(rule)).map((rule) => `${name(rule)} is not as emitted`);
  const more = loaded.filter((rule) => !planned.includes(rule)).map((rule) => `${name(rule)} is not of the lab`);
  const problems = [...new Set([...missing, ...more])];
  return verdict(
    problems.length === 0,
    problems.length === 0 ? `${loaded.length} rules, as emitted` : problems.join('; '),
  );
}
