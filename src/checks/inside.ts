import { unlessStatus } from '../engine/containers.ts';
import { failure } from '../errors.ts';
import type { TcpState } from '../probe/operations/tcp.ts';
import { isServer, outsideAddress } from './firewalls/flows.ts';
import { readCounters } from './firewalls/counters.ts';
import { matrix } from './firewalls/measured-matrix.ts';
import { rowsOfService, spokenRow } from './firewalls/matrix.ts';
import type { CheckContext } from './check.ts';
import { insideArguments } from './inside-script.ts';
import { once } from './once.ts';

/** What one look from inside a service's container saw, as the service's own user. */
export interface Inside {
  /** How connections ended, by `protocol/address:port`. */
  reached: ReadonlyMap<string, TcpState>;
  /** User ids of its processes, without the engine's own on their way into a command. */
  uids: number[];
  secrets: { mode: string; uid: number; name: string }[];
  /** Files with a private key in them, outside what the image brings. */
  keys: string[];
  /** Where a file could be made, and where the root file system was read-only. */
  writable: string[];
  readOnly: string[];
  /** What the outside name resolved to; empty when it did not. */
  resolved: string;
  /** Its IPv6 addresses and routes as the kernel lists them, without loopback's. */
  ipv6: string[];
  /** Environments and command lines of all its processes. */
  processes: string;
}

/** A name of the outside world (RFC 2606 keeps it for such uses). */
export const outsideName = 'example.com';

/**
 * One look into a service's container, shared by all checks: an `exec` costs some 50 ms of a processor. `undefined` when
 * it is stopped or paused: what fails then is for the checks of that service to say.
 */
export function inside(context: CheckContext, service: string): Promise<Inside | undefined> {
  return once(context, `inside/${service}`, async () => {
    // Its connections are among those that the firewalls' counters must show.
    await once(context, 'counters/before', () => readCounters(context));
    return look(context, service).catch(unlessStatus(409));
  });
}

/** Looks into all containers that run, by service. */
export async function insideAll(context: CheckContext): Promise<Map<string, Inside>> {
  const names = context.plan.services.map(({ name }) => name);
  const looks = await Promise.all(names.map((name) => inside(context, name)));
  return new Map(
    names.flatMap((name, index) => {
      const seen = looks[index];
      return seen === undefined ? [] : [[name, seen] as const];
    }),
  );
}

async function look(context: CheckContext, name: string): Promise<Inside> {
  const service = context.service(name);
  const rows = rowsOfService(await matrix(context), service);
  const outside = isServer(service) ? [`denied=${outsideTarget}`] : [];
  const targets = [...rows.map((row) => `${row.expected}=${spokenRow(row)}`), ...outside];
  const { exitCode, stdout, stderr } = await context.exec(name, insideArguments(outsideName, targets), {
    timeoutMs: 30_000,
  });
  if (exitCode !== 0)
    throw failure('INSIDE', { message: `cannot look into ${name}`, found: (stderr || stdout).trim().slice(0, 300) });
  return readInside(stdout, [...rows.map(spokenRow), outsideTarget]);
}

/** The outside, as a connection is asked for. */
export const outsideTarget = spokenRow({ protocol: 'tcp', address: outsideAddress, port: 443 });

/** Reads what the script printed; targets of which it says nothing got no answer. */
export function readInside(output: string, targets: readonly string[]): Inside {
  const [facts = '', processes = ''] = output.split('=processes=\n');
  const all = (pattern: RegExp): RegExpMatchArray[] => [...facts.matchAll(pattern)];
  const states = readConnections(facts, targets);
  return {
    reached: states,
    uids: [
      ...new Set(
        all(/^Name:\s*(.*)\nUid:\s*(\d+)/gm)
          .filter(([, name = '']) => !name.startsWith('runc'))
          .map(([, , uid]) => Number(uid)),
      ),
    ],
    secrets: all(/^secret (\d+) (\d+) \/run\/secrets\/(.*)$/gm).map(([, mode = '', uid, file = '']) => ({
      mode,
      uid: Number(uid),
      name: file,
    })),
    keys: all(/^key (.*)$/gm).map(([, file = '']) => file),
    writable: all(/^wrote (.*)$/gm).map(([, folder = '']) => folder),
    readOnly: all(/(\S*)\/\.lab-write: Read-only file system/gm).map(([, folder = '']) => folder || '/'),
    resolved: all(/^resolved (.*)$/gm)
      .map(([, text = '']) => text.trim())
      .join(', '),
    ipv6: all(/^ipv6 (.*)$/gm)
      .map(([, line = '']) => line.trimEnd())
      .filter((line) => !/ lo$/.test(line)),
    processes,
  };
}

/**
 * How connections ended by what either way of trying them printed; of silence nothing is printed.
 * @throws when they were not all tried: silence would mean nothing then
 */
export function readConnections(output: string, targets: readonly string[]): Map<string, TcpState> {
  if (!/^tried all$/m.test(output))
    throw failure('INSIDE', { message: 'connections were not tried', found: output.trim().slice(-300) });
  const states = new Map<string, TcpState>(targets.map((target) => [target, 'filtered']));
  for (const [, target = ''] of output.matchAll(/^open (\S+)$/gm)) states.set(target, 'open');
  for (const [, target = '', why = ''] of output.matchAll(/^failed (\S+): (.*)$/gm)) states.set(target, stateOf(why));
  for (const [, address, port, why] of output.matchAll(/\/dev\/tcp\/([\d.]+)\/(\d+): (.*)$/gm))
    states.set(`tcp/${address}:${port}`, stateOf(why ?? ''));
  return states;
}

function stateOf(why: string): TcpState {
  if (/refused|reset/i.test(why)) return 'closed';
  // The kernel's word when it has no route at all: nothing was sent.
  return /network is unreachable/i.test(why) ? 'unroutable' : 'filtered';
}
