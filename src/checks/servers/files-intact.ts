import { unlessStatus } from '../../engine/containers.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { servicesOf } from '../services.ts';
import { count, few } from '../words.ts';

/** Has AIDE compare each server's files with what the image's build wrote down of them. It makes no changes. */
export async function filesIntact(context: CheckContext): Promise<Observation> {
  const servers = servicesOf(context.plan, 'web');
  const seen = await Promise.all(
    servers.map(async ({ name }) => {
      const argv = ['aide', '--config=/usr/local/share/integrity/image', '--check'];
      // A server that does not run is another check's matter.
      const outcome = await context.exec(name, argv).catch(unlessStatus(409));
      return { name, ...(outcome === undefined ? { compared: 0, differences: [] } : readReport(outcome.stdout)) };
    }),
  );
  const wrong = seen.flatMap(({ name, differences }) => differences.map((difference) => `${name}: ${difference}`));
  const compared = seen.reduce((sum, one) => sum + one.compared, 0);
  return verdict(
    wrong.length === 0 && compared > 0,
    wrong.length === 0
      ? `${count(compared, 'file')} and folders on ${count(servers.length, 'server')}, as in the image`
      : few(wrong),
  );
}

/** What AIDE reports (aide.conf(5), `report_level`): how many entries there are, and a line for each that is not as it was. */
export function readReport(report: string): { compared: number; differences: string[] } {
  const compared = Number(/number of entries:\s+(\d+)/i.exec(report)?.[1] ?? 0);
  const differences = [...report.matchAll(/^[a-z]([^:\n]{6,}): (\/.+)$/gm)].map(([, how = '', path = '']) => {
    const what = how.startsWith('+') ? 'was added' : how.startsWith('-') ? 'is missing' : 'was changed';
    return `${path} ${what}`;
  });
  return { compared, differences };
}
