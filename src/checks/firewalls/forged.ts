import type { Plan } from '../../plan/types.ts';
import { verdict, type Check } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { count, few } from '../words.ts';
import { counted, jumps } from './counters.ts';
import { inhabitedZones, routerOf } from './flows.ts';
import { sweep } from './sweep.ts';

/** A source address is a claim: the firewall knows which of them can come from where. */
export function dropsSpoofed(plan: Plan): Check {
  const zones = inhabitedZones(plan);
  const zone = zones.at(-1);
  return {
    id: 'firewalls.drops-spoofed',
    title: 'Packets with a source address that cannot come from their zone are dropped',
    requirement: 'firewalls',
    points: 2,
    expected: `from each of ${zones.length} zones, filtered and counted as spoofed by the zone’s firewall`,
    reproduce: `./lab shell ${zone?.router ?? ''} --project ${plan.settings.project} -- iptables -nvL spoofed`,
    hint: 'Match the source against the interface a packet came in by, before any rule that accepts: `-i web ! -s <subnet of web>` can only be a lie.',
    needs: ['firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const lines = seen.strangers.map(({ zone, spoofed }) => ({
        name: zone.name,
        router: routerOf(zone),
        sent: spoofed.filter(({ outcome }) => outcome.state !== 'unroutable').length,
        through: spoofed.filter(({ outcome }) => outcome.state !== 'filtered'),
        drops: counted(seen, routerOf(zone), jumps(`from-${zone.name}`, 'spoofed')),
      }));
      const words = lines.flatMap(({ name, router, sent, through, drops }) => [
        ...through.map(({ source, service, outcome }) => `${source} from ${name} to ${service} is ${outcome.state}`),
        ...(sent === 0 || drops < sent ? [`${router} counted ${drops} of ${sent} spoofed from ${name}`] : []),
      ]);
      const figures = lines.map(({ name, sent, drops }) => `${name} ${drops}/${sent}`).join(', ');
      return verdict(
        words.length === 0,
        words.length === 0 ? `dropped as spoofed (counted/sent): ${figures}` : few(words),
      );
    },
  };
}

/** The two ways of belonging to no conversation, by conntrack's own words for them. */
const ways = [
  { what: 'FIN without a connection', matches: (rule: string) => /--ctstate INVALID/.test(rule) },
  {
    what: 'data without a SYN',
    matches: (rule: string) => /--ctstate NEW/.test(rule) && /! --(syn|tcp-flags)/.test(rule),
  },
];

/** What belongs to no conversation is not let in to start one. */
export function dropsInvalid(plan: Plan): Check {
  const zone = inhabitedZones(plan).at(-1);
  return {
    id: 'firewalls.drops-invalid',
    title: 'Packets that belong to no conversation are dropped',
    requirement: 'firewalls',
    points: 2,
    expected:
      'data and FIN of a TCP connection that a firewall never saw begin are counted by its rules against them, on every firewall',
    reproduce: `./lab shell ${zone?.router ?? ''} --project ${plan.settings.project} -- iptables -nvL invalid`,
    hint: 'Drop `--ctstate INVALID` first of all, and NEW packets that are no SYN: connection tracking takes up a conversation in the middle otherwise.',
    needs: ['firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const routers = [...new Set(inhabitedZones(plan).map(routerOf))];
      const lines = routers.map((router) => ({
        router,
        sent: seen.invalidFrom.some((one) => one.router === router),
        counts: ways.map(({ matches }) =>
          counted(
            seen,
            router,
            ({ chain, rule }) =>
              chain === 'FORWARD' && rule !== null && matches(rule) && / -j (invalid|stray|DROP)( |$)/.test(rule),
          ),
        ),
      }));
      const words = lines.flatMap(({ router, sent, counts }) => {
        if (!sent) return [`nothing could be sent through ${router}`];
        return ways.flatMap(({ what }, index) => (counts[index] === 0 ? [`${router} did not drop ${what}`] : []));
      });
      const figures = lines.map(({ router, counts }) => `${router} ${counts.join(' and ')}`).join(', ');
      return verdict(
        words.length === 0,
        words.length === 0 ? `${count(routers.length, 'firewall')} dropped (FIN, data): ${figures}` : few(words),
      );
    },
  };
}
