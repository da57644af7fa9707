import type { Plan } from '../../plan/types.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { freshTargets } from './targets.ts';

/** Files are compared every 10 s; three turns may be missed on a busy machine. */
export const longestSinceSeconds = 40;

/** Services that carry a host's monitoring client, and with it AIDE. */
export function checkedServices(plan: Plan): string[] {
  return plan.services.filter(({ scrapes }) => scrapes.some(({ job }) => job === 'node')).map(({ name }) => name);
}

/** Whether AIDE has compared the files of every server lately. What it finds is told by an alert; `intact` checks look for themselves. */
export async function filesAreWatched(context: CheckContext): Promise<Observation> {
  await freshTargets(context);
  const [samples, ages] = await Promise.all([
    context.prometheus('{__name__=~"file_integrity_up|file_integrity_entries"}'),
    context.prometheus('time() - file_integrity_last_check_seconds'),
  ]);
  const services = checkedServices(context.plan);
  const problems = services.flatMap((service) => {
    const of = (name: string): typeof samples =>
      samples.filter(({ labels }) => labels['__name__'] === name && labels['instance'] === service);
    const age = ages.find(({ labels }) => labels['instance'] === service)?.value;
    if (age === undefined) return [`${service}: nothing is known of its files`];
    if (age > longestSinceSeconds) return [`${service}: its files were last compared ${age.toFixed(0)} s ago`];
    if (of('file_integrity_up')[0]?.value !== 1) return [`${service}: AIDE fails`];
    return (of('file_integrity_entries')[0]?.value ?? 0) > 0 ? [] : [`${service}: no file is compared`];
  });
  const compared = samples
    .filter(({ labels }) => labels['__name__'] === 'file_integrity_entries')
    .reduce((sum, { value }) => sum + value, 0);
  return verdict(
    problems.length === 0,
    problems.length === 0
      ? `${compared} files and folders of ${services.length} services compared, the last ${Math.max(...ages.map(({ value }) => value)).toFixed(0)} s ago at most`
      : problems.join('; '),
  );
}
