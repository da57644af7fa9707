import { networkInterfaces } from 'node:os';
import type { Plan } from '../../plan/types.ts';
import { verdict, type Check, type CheckContext } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { count, few } from '../words.ts';
import { sweep } from './sweep.ts';
import { edgeZone } from '../services.ts';

/** Only the edge firewall is reached from this machine, and from nowhere else than this machine. */
export function publishesOnLoopback(plan: Plan): Check {
  const port = plan.endpoints[0]?.hostPort ?? 8443;
  const router = edgeZone(plan)?.router ?? 'fw-edge';
  return {
    id: 'firewalls.publishes-on-loopback',
    title: 'Only the edge firewall publishes ports, and on loopback only',
    requirement: 'firewalls',
    points: 2,
    expected: `${count(plan.endpoints.length, 'port')} of ${router} on 127.0.0.1, none of another service, and each refused on this machine’s other addresses`,
    reproduce: `docker ps --filter label=com.docker.compose.project=${plan.settings.project} --format '{{.Names}} {{.Ports}}'; ncat -zvw1 $(hostname -I | cut -d' ' -f1) ${port}`,
    hint: 'A published port goes round every rule of the lab, and Docker opens it on all addresses unless it is written as `127.0.0.1:PORT:PORT`.',
    run: async (context) => {
      const bindings = (await Promise.all(plan.services.map(({ name }) => bindingsOf(context, name)))).flat();
      const wrong = bindings.filter(({ service, address }) => service !== router || !/^(127\.|::1$)/.test(address));
      const elsewhere = await openElsewhere(context);
      const words = [
        ...wrong.map(
          ({ service, address, port: published }) => `${service} publishes ${address || 'all addresses'}:${published}`,
        ),
        ...elsewhere.open.map((one) => `${one} answers`),
      ];
      const observed = `${count(bindings.length, 'port')} published; ${elsewhere.tried} attempts at other addresses of this machine refused`;
      return verdict(words.length === 0 && bindings.length > 0, words.length === 0 ? observed : few(words));
    },
  };
}

/** What runs, not what was asked for: the engine's account of the network settings. */
async function bindingsOf(
  context: CheckContext,
  service: string,
): Promise<{ service: string; address: string; port: string }[]> {
  const { NetworkSettings } = await context.facts(service);
  return Object.values(NetworkSettings.Ports ?? {}).flatMap((list) =>
    ((list ?? []) as { HostIp: string; HostPort: string }[]).map(({ HostIp, HostPort }) => ({
      service,
      address: HostIp,
      port: HostPort,
    })),
  );
}

async function openElsewhere({ plan, vantages }: CheckContext): Promise<{ tried: number; open: string[] }> {
  const own = Object.values(networkInterfaces()).flatMap((list = []) =>
    list.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );
  // Every bridge of every lab is an address of this machine; a few stand for all.
  const addresses = [
    ...new Set([
      ...own.slice(0, 4),
      ...plan.zones.flatMap(({ host }) => (host !== undefined && own.includes(host) ? [host] : [])),
    ]),
  ];
  const targets = addresses.flatMap((address) =>
    plan.endpoints.map(({ hostPort }) => ({ address, port: hostPort, timeoutMs: 800 })),
  );
  const outcomes = await vantages.host.tcpMany(targets);
  return {
    tried: targets.length,
    open: targets
      .filter((_, index) => outcomes[index]?.state === 'open')
      .map(({ address, port }) => `${address}:${port}`),
  };
}

/** The operators’ pages are this machine's. */
export function operatorsClosed(plan: Plan): Check {
  const edge = edgeZone(plan);
  const page = plan.endpoints.find((endpoint) =>
    plan.policy.some(
      ({ from, to }) => from.kind === 'host' && to.service === endpoint.service && to.port === endpoint.port,
    ),
  );
  return {
    id: 'firewalls.closes-operators-pages',
    title: 'The operators’ pages are closed to visitors',
    requirement: 'firewalls',
    points: 2,
    expected: 'a visitor in edge gets no answer from them, at their own address or at the published one',
    reproduce: `./lab probe ${edge?.name ?? 'edge'} --project ${plan.settings.project} -- ncat -zvw1 ${edge?.gateway ?? ''} ${page?.port ?? 9090}`,
    hint: 'Only this machine may open them: their flow must start at `host`, so that the rule names the host’s own address and not the whole edge.',
    needs: ['firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const stranger = seen.strangers.find(({ zone }) => zone === edge);
      const pages = plan.endpoints.map(({ service, port }) => `${service}:${port}`);
      const direct = (stranger?.rows ?? []).filter(
        ({ service, port, expected }) => expected === 'denied' && pages.includes(`${service}:${port}`),
      );
      const published = (stranger?.published ?? []).map((one) => ({ ...one, seen: one.outcome.state }));
      const attempts = [...direct, ...published];
      const open = attempts.filter((one) => one.seen !== 'filtered');
      const observed = `${attempts.length - open.length} of ${attempts.length} attempts filtered`;
      const words = open.map((one) => `${one.service} at ${one.address}:${one.port} is ${one.seen}`);
      return verdict(
        attempts.length > 0 && open.length === 0,
        words.length === 0 ? observed : `${observed}; ${few(words)}`,
      );
    },
  };
}
