import type { Plan } from '../../plan/types.ts';
import { verdict, type CheckContext } from '../check.ts';
import { servicesOf } from '../services.ts';
import { count, few } from '../words.ts';
import { offences, type HardeningCheck } from './facts.ts';
import { lookAround, type Look } from './look.ts';

/** How much of its memory and of each writable place a service may use: what is above it is about to fail. */
const most = 0.9;

/** What becomes of containers while they run. */
export function stateChecks(plan: Plan): HardeningCheck[] {
  const { project } = plan.settings;
  const server = servicesOf(plan, 'web').at(-1)?.name ?? plan.services[0]?.name ?? '';
  return [
    {
      id: 'hardening.room-to-work',
      title: 'Every service has memory and disk left to work with',
      points: 1,
      expected: `less than ${most * 100} % used of its memory and of its writable places, in every container`,
      reproduce: `./lab shell ${server} --project ${project} -- df -h /run /tmp; docker stats --no-stream`,
      needs: ['database'],
      hint: 'A process that only ever takes memory leaks; a disk that fills up has a file that grows, or one that was forgotten.',
      run: async (context) => {
        const looks = await lookAll(context);
        const words = looks.flatMap(({ service, look }) =>
          look.shares
            .filter(({ used, of }) => used >= most * of)
            .map(({ what, used, of }) => `${service}: ${what} ${Math.round((100 * used) / of)} % used`),
        );
        return offences(looks.length, words);
      },
    },
    {
      id: 'hardening.configuration-intact',
      title: 'Every service has its configuration as it was written',
      points: 2,
      expected:
        'each file of config/ in the container with the SHA-256 that lab.lock.json has; none missing, none more',
      reproduce: `./lab shell ${server} --project ${project} -- sh -c 'sha256sum /etc/lab/*'; grep config/${server} .lab/${project}/lab.lock.json`,
      needs: ['database'],
      hint: 'Somebody has edited a file. `lab generate` writes it anew elsewhere, to compare with; `lab up` writes it back.',
      run: async (context) => {
        const looks = await lookAll(context);
        const words = looks.flatMap(({ service, look }) => changes(service, look.configuration, context.written));
        const files = looks.reduce((sum, { look }) => sum + look.configuration.size, 0);
        return verdict(
          words.length === 0 && files > 0,
          words.length === 0
            ? `${count(files, 'file')} in ${count(looks.length, 'container')}, each as written`
            : few(words),
        );
      },
    },
  ];
}

async function lookAll(context: CheckContext): Promise<{ service: string; look: Look }[]> {
  const looks = await Promise.all(
    context.plan.services.map(async ({ name }) => ({ service: name, look: await lookAround(context, name) })),
  );
  return looks.flatMap(({ service, look }) => (look === undefined ? [] : [{ service, look }]));
}

/** How the files that a container sees differ from those that were written for it. */
export function changes(
  service: string,
  found: ReadonlyMap<string, string>,
  written: Readonly<Record<string, string | null>>,
): string[] {
  const prefix = `config/${service}/`;
  const wanted = new Map(
    Object.entries(written).flatMap(([path, digest]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), digest] as const] : [],
    ),
  );
  const wrong = [...wanted].flatMap(([file, digest]) => {
    const now = found.get(file);
    if (now === undefined) return [`${service}: ${file} is missing`];
    return digest === null || digest === now ? [] : [`${service}: ${file} was changed`];
  });
  const more = [...found.keys()].filter((file) => !wanted.has(file)).map((file) => `${service}: ${file} was added`);
  return [...wrong, ...more];
}
