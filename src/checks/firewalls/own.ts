import type { Plan } from '../../plan/types.ts';
import { verdict, type Check } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { count, few } from '../words.ts';
import { counted, jumps } from './counters.ts';
import { inhabitedZones, routerOf } from './flows.ts';
import type { StrangerSaw } from './stranger.ts';
import { sweep, type Sweep } from './sweep.ts';

/** A firewall is a way, not a host to talk to. */
export function offersNothing(plan: Plan): Check {
  const [zone] = inhabitedZones(plan).slice(1);
  return {
    id: 'firewalls.offer-nothing',
    title: 'The firewalls themselves offer nothing to the zones',
    requirement: 'firewalls',
    points: 2,
    expected: 'every port that is tried on their own addresses is filtered, from every zone, and counted on INPUT',
    reproduce: `./lab probe ${zone?.name ?? 'web'} --project ${plan.settings.project} -- ncat -zvw1 ${zone?.gateway ?? ''} 9100`,
    hint: 'A firewall that is broken into is no firewall any more: INPUT must drop everything but its own monitoring flow.',
    needs: ['firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const attempts = seen.strangers.flatMap(({ zone: { name }, router }) =>
        router.map((attempt) => ({ ...attempt, from: name })),
      );
      const open = attempts.filter(({ outcome }) => outcome.state !== 'filtered');
      const short = [...new Set(seen.strangers.map(({ zone }) => routerOf(zone)))].filter(
        (router) => droppedInInput(seen, router) < sentTo(router, seen.strangers),
      );
      const observed = `${attempts.length - open.length} of ${count(attempts.length, 'attempt')} filtered`;
      const words = [
        ...open.map(
          ({ from, service, address, port, outcome }) =>
            `${service} (${address}:${port}) is ${outcome.state} from ${from}`,
        ),
        ...short.map(
          (router) =>
            `${router} counted ${droppedInInput(seen, router)} drops on INPUT of ${sentTo(router, seen.strangers)} sent`,
        ),
      ];
      return verdict(words.length === 0, words.length === 0 ? observed : `${observed}; ${few(words)}`);
    },
  };
}

function droppedInInput(seen: Sweep, firewall: string): number {
  return counted(
    seen,
    firewall,
    (rule) =>
      jumps('INPUT', 'denied')(rule) ||
      jumps('INPUT', 'DROP')(rule) ||
      (rule.chain === 'INPUT' && rule.policy === 'DROP'),
  );
}

function sentTo(firewall: string, strangers: readonly StrangerSaw[]): number {
  return strangers.filter(({ zone }) => zone.router === firewall).reduce((sum, { router }) => sum + router.length, 0);
}
