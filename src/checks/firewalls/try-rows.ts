import type { TcpState } from '../../probe/operations/tcp.ts';
import type { UdpState } from '../../probe/operations/udp.ts';
import { unlessStatus } from '../../engine/containers.ts';
import type { CheckContext } from '../check.ts';
import { connectScript } from '../connect-script.ts';
import { readConnections } from '../inside.ts';
import { spokenRow, type MatrixRow } from './matrix.ts';

/** How one conversation of the matrix really ended. */
export type Seen = TcpState | 'not tried';

export type SeenRow = MatrixRow & { seen: Seen };

/** A denied SYN gets less than the second that the kernel waits before the next one: each is counted once. */
export const deniedMs = 800;
const allowedMs = 3000;

/**
 * Tries rows that start at strangers. They all stand in one container, which nmap cannot scan from: it has no raw sockets there
 * and cannot bind a connect scan to the address of a zone, and five of it would cost more than all the handshakes.
 * @param localAddress a source of its own for IPv6, on the row's link
 */
export async function tryAsStranger(
  { vantages }: Pick<CheckContext, 'vantages'>,
  rows: readonly MatrixRow[],
  localAddress?: string,
): Promise<SeenRow[]> {
  const zone = rows[0]?.zone;
  if (zone === undefined) return [];
  const vantage = vantages.from({ zone });
  const request = (row: MatrixRow): { address: string; port: number; timeoutMs: number; localAddress?: string } => ({
    address: row.address,
    port: row.port,
    timeoutMs: row.expected === 'allowed' ? allowedMs : deniedMs,
    ...(row.family === 'IPv4' ? {} : { localAddress: localAddress ?? '::1' }),
  });
  const tcp = rows.filter(({ protocol }) => protocol === 'tcp');
  const udp = rows.filter(({ protocol }) => protocol === 'udp');
  const [handshakes, datagrams] = await Promise.all([
    vantage.tcpMany(tcp.map(request), 256),
    Promise.all(udp.map((row) => vantage.udp(request(row)))),
  ]);
  return [
    ...tcp.map((row, index) => ({ ...row, seen: handshakes[index]?.state ?? ('not tried' as const) })),
    ...udp.map((row, index) => ({ ...row, seen: silent(datagrams[index]?.state) })),
  ];
}

/** Of a datagram, silence is all that a drop gives. */
function silent(state: UdpState | undefined): Seen {
  return state === 'open|filtered' ? 'filtered' : (state ?? 'not tried');
}

/** Tries rows that start at one service, in its own container; they are not tried when it is stopped. */
export async function tryAsService(
  context: Pick<CheckContext, 'exec'>,
  service: string,
  rows: readonly MatrixRow[],
): Promise<SeenRow[]> {
  const targets = rows.map((row) => `${row.expected}=${spokenRow(row)}`);
  const done = await context.exec(service, ['perl', '-e', connectScript, '--', ...targets]).catch(unlessStatus(409));
  if (done?.exitCode !== 0) return rows.map((row) => ({ ...row, seen: 'not tried' }));
  return seenInside(rows, readConnections(done.stdout, rows.map(spokenRow)));
}

/** Rows with what a look from inside a service saw of them. */
export function seenInside(rows: readonly MatrixRow[], reached: ReadonlyMap<string, TcpState> | undefined): SeenRow[] {
  return rows.map((row) => ({ ...row, seen: reached?.get(spokenRow(row)) ?? 'not tried' }));
}
