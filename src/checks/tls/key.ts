import type { Plan, ServicePlan } from '../../plan/types.ts';
import { verdict, type CheckContext } from '../check.ts';
import { insideAll, type Inside } from '../inside.ts';
import { sharedTimeoutMs } from '../once.ts';
import { count, few } from '../words.ts';
import { servicesOf } from '../services.ts';
import type { TlsCheck } from './visitor.ts';

/** Whoever has the key is the site. */
export function keyChecks(plan: Plan): TlsCheck[] {
  const balancers = servicesOf(plan, 'balancer');
  const [balancer] = balancers;
  if (balancer === undefined) return [];
  const file = siteKey(plan, balancer);
  const alone = balancers.length === 1;
  return [
    {
      id: 'tls.key-private',
      title: `The site’s private key is the ${alone ? 'balancer’s' : 'balancers’'} alone`,
      points: 2,
      expected: `/run/secrets/${file} has mode 400 and owner ${balancer.uid}, and no other container has it or a private key that is not its own`,
      reproduce: `./lab shell ${balancer.name} --project ${plan.settings.project} -- ls -ln /run/secrets`,
      hint: 'Mount a key where it is used and nowhere else, readable by that one user: who reads it can pass for the site until the certificate ends.',
      needs: ['database', 'balancer', 'firewalls'],
      timeoutMs: sharedTimeoutMs,
      run: async (context) => {
        const insides = await insideAll(context);
        const kept = balancers.map(({ name, uid }) => keptBy(insides.get(name), uid, file));
        const lax = balancers.flatMap(({ name }, index) => {
          const word = kept[index]?.wrong;
          return word === undefined ? [] : [alone ? word : `${name}: ${word}`];
        });
        const strays = [...insides].flatMap(([name, { keys }]) =>
          keys.filter((path) => !ownKeys(plan, name).includes(path)).map((path) => `${name} has ${path}`),
        );
        const mounted = await Promise.all(balancers.map(({ name }) => mountedElsewhere(context, name, file)));
        const words = [...lax, ...strays, ...mounted.flat()];
        return verdict(
          words.length === 0,
          words.length === 0
            ? `${kept[0]?.words ?? ''}; not in the ${count(insides.size - balancers.length, 'other container')}`
            : few(words),
        );
      },
    },
  ];
}

/** How one balancer keeps the file. */
function keptBy(seen: Inside | undefined, uid: number, file: string): { words: string; wrong?: string } {
  const own = seen?.secrets.find(({ name }) => name === file);
  if (own === undefined) return { words: '', wrong: `has no /run/secrets/${file}` };
  const words = `mode ${own.mode}, owner ${own.uid}`;
  return /^[46]00$/.test(own.mode) && own.uid === uid ? { words } : { words, wrong: words };
}

function siteKey(plan: Plan, balancer: ServicePlan): string {
  const { name, layout } = plan.certificates.find(({ service }) => service === balancer.name) ?? {
    name: 'site',
    layout: 'bundle',
  };
  return layout === 'bundle' ? `${name}.pem` : `${name}.key`;
}

/** Where a service's own keys are, by the plan. */
function ownKeys(plan: Plan, service: string): string[] {
  return plan.certificates
    .filter((one) => one.service === service)
    .map(({ name, layout }) => `/run/secrets/${name}${layout === 'bundle' ? '.pem' : '.key'}`);
}

/** Other containers that the engine gives the file, or a folder with it inside. */
async function mountedElsewhere(context: CheckContext, owner: string, file: string): Promise<string[]> {
  const source = (await context.facts(owner)).Mounts.find(
    ({ Destination }) => Destination === `/run/secrets/${file}`,
  )?.Source;
  if (source === undefined) return [];
  const others = context.plan.services.filter(({ name }) => name !== owner);
  const found = await Promise.all(
    others.map(async ({ name }) => {
      const { Mounts } = await context.facts(name);
      return Mounts.filter((mount) => `${source}/`.startsWith(`${mount.Source.replace(/\/$/, '')}/`)).map(
        (mount) => `${name} mounts ${mount.Source}`,
      );
    }),
  );
  return found.flat();
}
