import { failure, machineError, type UserError } from '../errors.ts';

/** What a text of Docker, apt or the kernel says, where a user can mend it. */
interface Pattern {
  code: string;
  pattern: RegExp;
  explain: (match: RegExpExecArray) => { message: string; fix: string };
  /** The lab's own doing rather than the machine's: exit code 1. */
  failing?: boolean;
}

/** The first that matches counts, so causes stand before their consequences. */
const patterns: readonly Pattern[] = [
  {
    code: 'DISK_FULL',
    pattern: /no space left on device|ENOSPC|You don't have enough free space|disk quota exceeded/i,
    explain: () => ({
      message: 'The disk is full.',
      fix: 'Make room where Docker keeps its data (`docker system df` shows what uses it, `docker builder prune` empties the build cache), then run again.',
    }),
  },
  {
    code: 'PORT_TAKEN',
    pattern:
      /(?:listen (?:tcp|udp)[46]? |Bind for |bind host port (?:for )?)\[?([0-9a-f.:]*?)\]?:(\d+)[: ].*(?:address already in use|port is already allocated)/i,
    explain: ([, address = '127.0.0.1', port = '?']) => ({
      message: `Port ${port} of ${address} is taken.`,
      fix: 'Stop what holds it, or give the lab another (`--https-port N`, `--http-port N`), then run again.',
    }),
  },
  {
    code: 'SUBNET_TAKEN',
    pattern: /Pool overlaps with other one on this address space|networks have overlapping IPv4/i,
    explain: () => ({
      message: 'Another network of this engine uses a subnet of the lab.',
      fix: 'Run `lab down` and `lab up` again, which chooses free subnets; `docker network ls` shows what is there.',
    }),
  },
  {
    code: 'REGISTRY_UNREACHABLE',
    pattern:
      /Get "https?:\/\/([^/"]+)\/v2\/[^"]*": |pull access denied for (\S+),|manifest for (\S+) not found|No such image: (\S+)/i,
    explain: ([, host, denied, absent, missing]) => ({
      message: host
        ? `The container registry ${host} cannot be reached.`
        : `The image ${denied ?? absent ?? missing} is neither here nor to be had.`,
      fix: 'Build the images here (`lab images build`), or load them from a file (`lab images load FILE`).',
    }),
  },
  {
    code: 'MIRROR_UNREACHABLE',
    pattern:
      /(?:Could not resolve|Temporary failure resolving|Could not connect to|Unable to connect to|Cannot initiate the connection to|Connection failed|Failed to fetch)\s+'?([^\s']+?)'?:?(?:\s|$)/i,
    explain: ([, what = '']) => ({
      message: `The Debian mirror cannot be reached (${what}).`,
      fix: 'Check the network, or name a mirror that answers: `LAB_DEBIAN_MIRROR=http://mirror.example/debian`, then run again.',
    }),
  },
  {
    code: 'LIMIT_TOO_HIGH',
    pattern: /error setting rlimit type (\d+): operation not permitted/i,
    explain: ([, type]) => ({
      message: `The engine may not give as many ${type === '7' ? 'open files' : `of rlimit ${type}`} as the lab asks for.`,
      fix: 'Raise the limit of dockerd (LimitNOFILE in its systemd unit, or `ulimit -n` before it starts), then run again.',
    }),
  },
  {
    code: 'CONTAINER_DIED',
    failing: true,
    pattern: /container (\S+) (exited \(\d+\)|is unhealthy)/i,
    explain: ([, container = '', how = '']) => ({
      message: `Container ${container} ${how}.`,
      fix: `Its last lines: docker logs --tail 20 ${container}`,
    }),
  },
  {
    code: 'ENGINE_MISSING',
    pattern: /Cannot connect to the Docker daemon at (\S+?)\.? |error during connect/i,
    explain: () => ({
      message: 'The Docker engine does not answer any more.',
      fix: 'Start it: `lab setup`, then run again.',
    }),
  },
];

/** The name of what went wrong, with its details, when the text is one that we know. */
export function recognise(
  text: string,
): { code: string; message: string; fix: string; match: RegExpExecArray } | undefined {
  for (const { code, pattern, explain } of patterns) {
    const match = pattern.exec(text);
    if (match) return { code, match, ...explain(match) };
  }
  return undefined;
}

/**
 * The error for output that ended badly.
 * @param otherwise code and message when the text is not one that we know; then the output's last lines say what was found
 */
export function explainOutput(text: string, otherwise: { code: string; message: string }, cause?: unknown): UserError {
  const found = recognise(text);
  const lastLines = text.trimEnd().split('\n').slice(-15).join('\n');
  const problem = found
    ? { message: found.message, found: lineAround(text, found.match.index), fix: found.fix }
    : { message: otherwise.message, found: lastLines };
  const isFailing = patterns.some(({ code, failing }) => code === found?.code && failing);
  return (isFailing ? failure : machineError)(found?.code ?? otherwise.code, problem, cause);
}

function lineAround(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf('\n', index);
  return text.slice(start, end === -1 ? undefined : end).trim();
}
