import type { Plan } from '../../plan/types.ts';
import { verdict, type Check } from '../check.ts';
import { insideAll } from '../inside.ts';
import { sharedTimeoutMs } from '../once.ts';
import { count, few } from '../words.ts';
import { counted } from './counters.ts';
import { inhabitedZones, isServer, routerOf } from './flows.ts';
import { blame } from './blame.ts';
import { rowName } from './matrix.ts';
import { sweep } from './sweep.ts';

/** IPv6 works on any link without being asked for: the rules for IPv4 do not hold there. */
export function ipv6Closed(plan: Plan): Check {
  const zone = inhabitedZones(plan).at(-1);
  return {
    id: 'firewalls.ipv6-closed',
    title: 'IPv6 is no way to a firewall or a server',
    requirement: 'firewalls',
    points: 2,
    expected: 'a stranger on each link, with IPv6 on, gets no answer over IPv6, and each firewall counts what it drops',
    reproduce: `./lab shell ${zone?.router ?? ''} --project ${plan.settings.project} -- ip6tables -nvL INPUT`,
    hint: 'ip6tables has rules of its own: give them the same default, DROP in INPUT and FORWARD, whether you use IPv6 or not.',
    needs: ['firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const idle = seen.strangers
        .filter(({ ipv6Address }) => ipv6Address === undefined)
        .map(({ zone: { name } }) => `IPv6 could not be switched on in ${name}`);
      const attempts = seen.rows.filter(({ family }) => family === 'IPv6');
      const open = attempts
        .filter((row) => row.seen !== 'filtered')
        .map((row) => `${rowName(row)}: expected filtered, seen ${row.seen}${blame(plan, row, seen)}`);
      const routers = [...new Set(seen.strangers.map(({ zone }) => routerOf(zone)))];
      const drops = routers.map((router) => ({
        router,
        packets: counted(
          seen,
          router,
          ({ rule, policy }) => policy === 'DROP' || / -j DROP( |$)/.test(` ${rule ?? ''}`),
          'IPv6',
        ),
      }));
      const words = [
        ...idle,
        ...open,
        ...drops.filter(({ packets }) => packets === 0).map(({ router }) => `${router} dropped nothing over IPv6`),
      ];
      const observed = `${attempts.length - open.length} of ${attempts.length} attempts filtered; dropped: ${drops.map(({ router, packets }) => `${router} ${packets}`).join(', ')}`;
      return verdict(words.length === 0, words.length === 0 ? observed : `${observed}; ${few(words)}`);
    },
  };
}

/** What has no address cannot be talked to. */
export function ipv6Absent(plan: Plan): Check {
  const server = plan.services.find(isServer)?.name ?? '';
  return {
    id: 'firewalls.ipv6-absent',
    title: 'Servers have no IPv6 address or route',
    requirement: 'firewalls',
    points: 1,
    expected: 'nothing in /proc/net/if_inet6 and /proc/net/ipv6_route but loopback, in every server',
    reproduce: `./lab shell ${server} --project ${plan.settings.project} -- cat /proc/net/if_inet6 /proc/net/ipv6_route`,
    hint: 'Docker leaves IPv6 off in a container whose networks have none: a network with `enable_ipv6` brings addresses that no rule here knows.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const insides = await insideAll(context);
      const servers = plan.services.filter((one) => isServer(one) && insides.has(one.name));
      const words = servers.flatMap(({ name }) => {
        const { ipv6 = [] } = insides.get(name) ?? {};
        return ipv6.length === 0 ? [] : [`${name}: ${few(ipv6, 2)}`];
      });
      return verdict(
        words.length === 0,
        words.length === 0 ? `none in ${count(servers.length, 'server')}` : few(words),
      );
    },
  };
}
