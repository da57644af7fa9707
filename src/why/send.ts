import { randomInt } from 'node:crypto';
import type { CheckContext } from '../checks/check.ts';
import type { Plan } from '../plan/types.ts';
import type { State } from './answer.ts';
import type { Question } from './question.ts';
import { edgeZone } from '../checks/services.ts';

/** A real packet to be sent, and how firewalls can tell it from all others. */
export interface Shot {
  /** iptables conditions of the question and of its answer. */
  matches: string[];
  isRequest(packet: { sport: number; dport: number }): boolean;
  isAnswer(packet: { sport: number; dport: number }): boolean;
  fire(): Promise<State>;
}

const timeoutMs = 1500;

/** Speaks from a port below those that kernels give to clients: it alone marks the conversation, whatever is rewritten on the way. */
export function shotFromWithin({ vantages }: CheckContext, { from, to }: Question): Shot {
  if (from.kind === 'host') throw new RangeError('this machine speaks through what is published');
  const localPort = randomInt(20_000, 32_000);
  const vantage = vantages.from(from.kind === 'zone' ? { zone: from.zone } : { service: from.service });
  const request = { address: to.address, port: to.port, localPort, timeoutMs };
  return {
    matches: [`-p ${to.protocol} --sport ${localPort}`, `-p ${to.protocol} --dport ${localPort}`],
    isRequest: ({ sport }) => sport === localPort,
    isAnswer: ({ dport }) => dport === localPort,
    fire: async () => {
      if (to.protocol === 'tcp') return (await vantage.tcp(request)).state;
      const { state } = await vantage.udp(request);
      return state === 'open|filtered' ? 'silent' : state;
    },
  };
}

/**
 * Docker's proxy takes the connection to a published port, and opens one of its own from this machine's address on the edge; only an
 * answer in it shows that the service was reached, so something is asked that any service answers or hangs up on.
 * @returns `undefined` where the target is not published
 */
export function shotFromHost({ vantages }: CheckContext, plan: Plan, { to }: Question): Shot | undefined {
  const endpoint = plan.endpoints.find(({ service, port }) => service === to.service && port === to.port);
  const host = edgeZone(plan)?.host;
  if (endpoint === undefined || host === undefined || to.protocol === 'udp') return undefined;
  return {
    matches: [`-p tcp -s ${host} --dport ${to.port}`, `-p tcp -d ${host} --sport ${to.port}`],
    isRequest: ({ dport }) => dport === to.port,
    isAnswer: ({ sport }) => sport === to.port,
    fire: async () => {
      const tls = to.port === 443 ? { tls: { verify: false } } : {};
      const outcome = await vantages.host.tryHttp({
        address: '127.0.0.1',
        port: endpoint.hostPort,
        timeoutMs: 3000,
        ...tls,
      });
      if (outcome.ok || /^HPE_/.test(outcome.error.code)) return 'open';
      if (outcome.error.code === 'ECONNREFUSED') return 'unroutable';
      return 'filtered';
    },
  };
}
