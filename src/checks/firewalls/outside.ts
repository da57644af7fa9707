import type { Plan } from '../../plan/types.ts';
import { verdict, type Check } from '../check.ts';
import { insideAll, outsideName, outsideTarget } from '../inside.ts';
import { sharedTimeoutMs } from '../once.ts';
import { few } from '../words.ts';
import { droppedInForward, sentThrough } from './denied.ts';
import { inhabitedZones, isServer, outsideAddress, routerOf } from './flows.ts';
import { sweep } from './sweep.ts';

/** Nothing leaves the lab. */
export function noWayOut(plan: Plan): Check {
  const zones = inhabitedZones(plan);
  const inner = zones.find(({ host }) => host === undefined)?.name ?? 'dmz';
  return {
    id: 'firewalls.no-way-out',
    title: 'No zone has a way to the internet',
    requirement: 'firewalls',
    points: 2,
    expected: `connections to ${outsideAddress} (TEST-NET-2) from every zone and service are filtered, and counted by the zone’s firewall`,
    reproduce: `./lab probe ${inner} --project ${plan.settings.project} -- ncat -zvw1 ${outsideAddress} 443`,
    hint: 'A server that was broken into must not be able to fetch tools or send data away: no flow may lead outside, and the host must not masquerade for the lab.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const servers = plan.services.filter((one) => isServer(one) && seen.insides.has(one.name));
      const tries = [
        ...seen.strangers.map(({ zone, outside }) => ({
          from: `a stranger in ${zone.name}`,
          state: outside[0]?.outcome.state ?? 'not tried',
        })),
        ...servers.map(({ name }) => ({
          from: name,
          state: seen.insides.get(name)?.reached.get(outsideTarget) ?? 'not tried',
        })),
      ];
      const wrong = tries.filter(({ state }) => state !== 'filtered');
      const routers = [...new Set(zones.map(routerOf))];
      const uncounted = routers.filter((router) => droppedInForward(seen, router) < sentThrough(plan, router, seen));
      const figures = routers.map((router) => `${router} ${droppedInForward(seen, router)}`).join(', ');
      const observed = `${tries.length - wrong.length} of ${tries.length} filtered; drops of all that was tried: ${figures}`;
      const words = [
        ...wrong.map(({ from, state }) => `from ${from}: ${state}`),
        ...uncounted.map((router) => `${router} counted too few`),
      ];
      return verdict(words.length === 0, words.length === 0 ? observed : `${observed}; ${few(words)}`);
    },
  };
}

/** Names of the outside are a way out too: a question to a resolver carries data. */
export function noOutsideNames(plan: Plan): Check {
  const server = plan.services.find(isServer)?.name ?? '';
  return {
    id: 'firewalls.no-outside-names',
    title: 'No service can ask for names of the outside world',
    requirement: 'firewalls',
    points: 1,
    expected: `${outsideName} does not resolve in any container`,
    reproduce: `./lab shell ${server} --project ${plan.settings.project} -- getent hosts ${outsideName}`,
    hint: 'Docker’s own resolver passes unknown names on to the host’s: `dns: ["127.0.0.1"]` gives it nobody to ask. The lab’s names stand in /etc/hosts.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const insides = [...(await insideAll(context))];
      const words = insides
        .filter(([, { resolved }]) => resolved !== '')
        .map(([name, { resolved }]) => `${name}: ${resolved}`);
      return verdict(
        words.length === 0,
        words.length === 0 ? `not resolved in any of ${insides.length} containers` : `resolved in ${few(words)}`,
      );
    },
  };
}
