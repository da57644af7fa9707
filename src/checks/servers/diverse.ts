import type { Waiver } from '../../lab/schema.ts';
import type { Plan } from '../../plan/types.ts';
import { verdict, type Check, type CheckContext, type Observation } from '../check.ts';
import { listed, servicesOf } from '../services.ts';
import { few } from '../words.ts';

/** That servers differ; it can be asked of every lab with several. */
export function diversityChecks(plan: Plan): Check[] {
  const servers = servicesOf(plan, 'web').map(({ name }) => name);
  if (servers.length < 2) return [];
  return [
    {
      id: 'servers.diverse',
      title: 'No component is on all servers, but for those that cannot differ',
      requirement: 'servers',
      points: 3,
      expected: `each package that ${listed(servers)} all have is waived in lab.yml, with its reason, and each waiver is of use`,
      reproduce: `for s in ${servers.join(' ')}; do ./lab shell $s --project ${plan.settings.project} -- dpkg-query -W -f '\${Package}\\n'; done | sort | uniq -c | grep ' ${servers.length} '`,
      hint: 'A flaw of a component that all have takes all of them at once. Somebody has made one server like the others, or has written a waiver that is no longer needed.',
      needs: ['web'],
      retry: { deadlineMs: 2000 },
      timeoutMs: 30_000,
      run: diverse,
    },
  ];
}

/** Compares the packages of the containers that run, with each other and with what the lab waives. */
async function diverse(context: CheckContext): Promise<Observation> {
  const { waivers } = context.plan.lab.diversity ?? { waivers: [] };
  const { packages, shared } = await sharedPackages(context);
  const { unwaived, stale } = compare(shared, waivers);
  const problems = [
    ...(unwaived.length === 0
      ? []
      : [`${unwaived.length} packages are on all of them and not waived: ${few(unwaived)}`]),
    ...(stale.length === 0 ? [] : [`waived and not on all of them: ${few(stale)}`]),
  ];
  const counts = Object.entries(packages).map(([name, { length }]) => `${name} ${length}`);
  return verdict(
    problems.length === 0,
    problems.length === 0
      ? `packages: ${counts.join(', ')}; on all of them ${shared.length}, each waived (${waivers.length} reasons)`
      : problems.join('; '),
  );
}

/** The packages of each server, and those that all have. @throws when one of them cannot be asked */
export async function sharedPackages(
  context: CheckContext,
): Promise<{ packages: Record<string, string[]>; shared: string[] }> {
  const servers = servicesOf(context.plan, 'web').map(({ name }) => name);
  if (servers.length < 2) throw new Error(`there is nothing to compare ${listed(servers)} with`);
  const lists = await Promise.all(servers.map((name) => packagesOf(context, name)));
  const [first = [], ...others] = lists;
  return {
    packages: Object.fromEntries(servers.map((name, index) => [name, lists[index] ?? []])),
    shared: first.filter((one) => others.every((list) => list.includes(one))),
  };
}

async function packagesOf(context: CheckContext, server: string): Promise<string[]> {
  const { exitCode, stdout, stderr } = await context.exec(server, ['dpkg-query', '-W', '-f', '${Package}\\n']);
  const packages = stdout.split('\n').filter((line) => line !== '');
  if (exitCode !== 0 || packages.length === 0)
    throw new Error(`${server} does not list its packages: ${stderr.trim()}`);
  return packages;
}

/** What is shared and not waived, and what waivers name that is not shared: those are of no use any more. */
export function compare(
  shared: readonly string[],
  waivers: readonly Waiver[],
): { unwaived: string[]; stale: string[] } {
  const patterns = waivers.flatMap(({ packages }) => packages);
  return {
    unwaived: shared.filter((name) => !patterns.some((pattern) => matches(pattern, name))),
    stale: patterns.filter((pattern) => !shared.some((name) => matches(pattern, name))),
  };
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
