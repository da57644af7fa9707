import type Docker from 'dockerode';
import { machineError, UserError } from '../../errors.ts';
import { Cleanup } from './cleanup.ts';
import { openGround, type Ground } from './ground.ts';
import { samplePorts } from './ports.ts';
import { loadRules } from './rules.ts';
import { runScript, type ScriptRun } from './run-script.ts';
import {
  allowedReachable,
  inForce,
  ipv6NotMoreOpen,
  loopbackWorks,
  othersClosed,
  outgoingWorks,
  ranToItsEnd,
  udpClosed,
  type Found,
  type Observation,
} from './statements.ts';
import { survey, withoutRules, type Survey } from './survey.ts';

export interface FirewallScriptOptions {
  docker: Docker;
  images: { server: string; probe: string };
  /** The Compose project whose label everything carries, so that a sweep finds it. */
  project: string;
  /** A free subnet of at least eight addresses. */
  subnet: string;
  script: string;
  /** A secret that is fresh for each grading: the ports that are tried come from it. */
  seed: string;
  /** The ports that the script has to open; default 22, 80 and 443. */
  allowed?: readonly number[];
  signal: AbortSignal;
}

export interface FirewallScript {
  ran: ScriptRun;
  /** What was done to the script so that it runs here, one line each. */
  notes: string[];
  /** @throws Error when there is no such measure; a `machineError` when the machine keeps it from being measured */
  measure(name: FirewallMeasure, options?: { ports?: readonly number[] }): Promise<Measured>;
  close(): Promise<void>;
}

export interface Measured {
  status: 'passed' | 'failed';
  observed: string;
  evidence: string[];
}

/** The measures, by the names that exercises use. */
export const firewallMeasures = [
  'server-firewall-ran',
  'server-firewall-in-force',
  'server-firewall-allowed',
  'server-firewall-others',
  'server-firewall-udp',
  'server-firewall-ipv6',
  'server-firewall-outgoing',
  'server-firewall-loopback',
] as const;
export type FirewallMeasure = (typeof firewallMeasures)[number];

/**
 * Runs a firewall script where it can do no harm, and stands a fresh server up behind the rules that it left. Everything is
 * measured on that server with real packets; nothing of the submission but its rules gets there.
 * @throws machineError, what the engine says, or the signal's reason; nothing is left behind then
 */
export async function openFirewallScript(options: FirewallScriptOptions): Promise<FirewallScript> {
  const { docker, images, project, subnet, script, seed, allowed = [22, 80, 443], signal } = options;
  const cleanup = new Cleanup();
  const sample = samplePorts(seed, allowed);
  try {
    const [ran, ground] = await bothOrNeither([
      runScript({ docker, image: images.server, project, script, signal }),
      openGround({ docker, images, project, subnet, sample }, cleanup).then(async (opened) => {
        await withoutRules(opened, sample, signal);
        return opened;
      }),
    ]);
    const refusal = typeof ran.rules === 'string' ? ran.rules : await loadRules(ground.server, ran.rules);
    let surveyed: Promise<Survey> | undefined;
    const found = async (): Promise<Found> => {
      surveyed ??= survey(ground, sample);
      try {
        return { run: ran, ground, sample, survey: await surveyed };
      } catch (error) {
        surveyed = undefined;
        throw error;
      }
    };
    const measure: FirewallScript['measure'] = async (name, { ports = allowed } = {}) => {
      if (name === 'server-firewall-ran') return measured(ranToItsEnd(ran));
      if (refusal !== undefined) return { status: 'failed', observed: refusal, evidence: [] };
      return measured(await statement(name, await found(), ports));
    };
    return {
      ran,
      notes: notesOf(ran, script),
      measure: (name, told) => measure(name, told).catch((error: unknown) => raise(error, signal)),
      close: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run().catch(() => undefined);
    return raise(error, signal);
  }
}

function statement(name: FirewallMeasure, found: Found, ports: readonly number[]): Observation | Promise<Observation> {
  switch (name) {
    case 'server-firewall-ran':
      return ranToItsEnd(found.run);
    case 'server-firewall-in-force':
      return inForce(found);
    case 'server-firewall-allowed':
      return allowedReachable(found, ports);
    case 'server-firewall-others':
      return othersClosed(found);
    case 'server-firewall-udp':
      return udpClosed(found);
    case 'server-firewall-ipv6':
      return ipv6NotMoreOpen(found);
    case 'server-firewall-outgoing':
      return outgoingWorks(found);
    case 'server-firewall-loopback':
      return loopbackWorks(found);
  }
}

function measured({ good, observed, evidence }: Observation): Measured {
  return { status: good ? 'passed' : 'failed', observed, evidence };
}

function notesOf({ neutralised }: ScriptRun, script: string): string[] {
  const calls = neutralised.filter((line) => line !== 'sudo');
  return [
    ...(neutralised.includes('sudo')
      ? ['firewall.sh: sudo: the script is root here already; its commands are run as they are']
      : []),
    ...calls.map((line) => `firewall.sh: has no effect here: ${line}`),
    ...(script.includes('\r\n') ? ['firewall.sh: has CRLF line ends; they were left as they are'] : []),
  ];
}

/** Nothing of a submission takes part in the measuring: what goes wrong there is the machine's. */
function raise(error: unknown, signal: AbortSignal): never {
  signal.throwIfAborted();
  if (error instanceof UserError) throw error;
  const found = error instanceof Error ? error.message : String(error);
  throw machineError(
    'SERVER_NOT_READY',
    { message: 'The server that a firewall script is tried on could not be set up or asked.', found },
    error,
  );
}

/** Waits for both, even when one fails: what the other one makes must be known before it is taken away. */
async function bothOrNeither(work: [Promise<ScriptRun>, Promise<Ground>]): Promise<[ScriptRun, Ground]> {
  const [ran, ground] = await Promise.allSettled(work);
  if (ran.status === 'rejected') throw ran.reason;
  if (ground.status === 'rejected') throw ground.reason;
  return [ran.value, ground.value];
}
