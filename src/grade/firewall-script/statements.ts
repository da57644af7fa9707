import type { TcpState } from '../../probe/operations/tcp.ts';
import { canTalkOut, reachesItself } from './from-the-server.ts';
import type { Ground } from './ground.ts';
import type { Sample } from './ports.ts';
import { printable } from '../../printable.ts';
import type { ScriptRun } from './run-script.ts';
import type { Survey } from './survey.ts';

/** What one statement about a server came to. */
export interface Observation {
  good: boolean;
  observed: string;
  evidence: string[];
}

/** What statements are made from. */
export interface Found {
  run: ScriptRun;
  ground: Ground;
  sample: Sample;
  survey: Survey;
}

const endings = {
  late: 'it had not ended after 20 s and was stopped',
  flood: 'it wrote more than 4 MiB and was stopped',
  dead: 'its server died under it',
} as const;

/** The script comes to its end. Its exit code is its last command's and says little: `ufw status` succeeds on an open server. */
export function ranToItsEnd({ ended, exitCode, output }: ScriptRun): Observation {
  const lines = output.split(/\r?\n/).map((line) => printable(line).trim().slice(0, 200));
  const said = lines.filter((line) => line !== '');
  return {
    good: ended === 'itself',
    observed: ended === 'itself' ? `it ended with exit code ${exitCode}` : endings[ended],
    evidence: said.length > 24 ? [...said.slice(0, 8), '…', ...said.slice(-15)] : said,
  };
}

/** Something that listens is kept from a stranger: a firewall is in force. */
export function inForce({ survey, sample, run }: Found): Observation {
  const stopped = sample.others.filter((port) => survey.v4.get(port) !== 'open');
  return {
    good: stopped.length > 0,
    observed:
      stopped.length > 0
        ? `${stopped.length} of ${sample.others.length} other ports are kept from a stranger`
        : 'a stranger reaches every port on which something listens, as without a firewall',
    evidence: stopped.length > 0 ? states(survey.v4, sample.others) : ranToItsEnd(run).evidence.slice(-8),
  };
}

/** The service ports are open to a stranger. */
export function allowedReachable({ survey, sample }: Found, ports: readonly number[]): Observation {
  const missing = ports.filter((port) => survey.v4.get(port) !== 'open');
  return {
    good: missing.length === 0,
    observed: missing.length === 0 ? `${list(ports)} can be reached` : states(survey.v4, missing).join('; '),
    evidence: states(survey.v4, sample.allowed),
  };
}

/** Nothing else is. */
export function othersClosed({ survey, sample }: Found): Observation {
  const open = sample.others.filter((port) => survey.v4.get(port) === 'open');
  return {
    good: open.length === 0,
    observed:
      open.length === 0 ? `none of ${sample.others.length} other ports can be reached` : `${list(open)} can be reached`,
    evidence: states(survey.v4, sample.others),
  };
}

/** No datagram is answered. */
export function udpClosed({ survey }: Found): Observation {
  const answered = [...survey.udp].filter(([, state]) => state === 'open').map(([port]) => port);
  return {
    good: answered.length === 0,
    observed:
      answered.length === 0
        ? `none of ${survey.udp.size} UDP ports answers`
        : `UDP ${list(answered)} ${answered.length === 1 ? 'answers' : 'answer'}`,
    evidence: [...survey.udp].map(([port, state]) => `UDP ${port}: ${state}`),
  };
}

/** Over IPv6 nobody reaches more than over IPv4. */
export function ipv6NotMoreOpen({ survey }: Found): Observation {
  const more = [...survey.v6].filter(([port, state]) => state === 'open' && survey.v4.get(port) !== 'open');
  const ports = more.map(([port]) => port);
  return {
    good: ports.length === 0,
    observed: ports.length === 0 ? 'IPv6 is no more open than IPv4' : `over IPv6 alone, ${list(ports)} can be reached`,
    evidence: states(survey.v6, [...survey.v6.keys()]),
  };
}

/** A conversation that the server begins gets its answers. */
export async function outgoingWorks({ ground }: Found): Promise<Observation> {
  const { good, said } = await canTalkOut(ground);
  return {
    good,
    observed: good ? 'the server reaches others and hears their answer' : 'the server got no answer from outside',
    evidence: said,
  };
}

/** Programs on the server reach each other. */
export async function loopbackWorks({ ground, sample }: Found): Promise<Observation> {
  const { good, said } = await reachesItself(ground, sample.others[0] ?? 8080);
  return {
    good,
    observed: good ? 'the server reaches its own ports on 127.0.0.1' : 'the server does not reach its own ports',
    evidence: said,
  };
}

const words: Record<TcpState, string> = {
  open: 'open',
  closed: 'refused',
  filtered: 'no answer',
  unroutable: 'no way there',
};

function states(found: ReadonlyMap<number, TcpState>, ports: readonly number[]): string[] {
  return ports.map((port) => `port ${port}: ${words[found.get(port) ?? 'unroutable']}`);
}

function list(ports: readonly number[]): string {
  const shown = ports.slice(0, 8).join(', ');
  const more = ports.length > 8 ? ` and ${ports.length - 8} more` : '';
  return `${ports.length === 1 ? 'port' : 'ports'} ${shown}${more}`;
}
