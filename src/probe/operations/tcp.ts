import net from 'node:net';
import { boundedTimeout, inParallel } from './bounds.ts';
import { localAddressOf } from './local-address.ts';

export interface TcpRequest {
  /** An IP address; `fe80::1%eth0` names the interface of a link-local one. */
  address: string;
  port: number;
  /** Default 1500: long enough for the kernel to send a second SYN, 1 s after the first. */
  timeoutMs?: number;
  localAddress?: string;
  /** A port of its own to speak from, by which its packets can be told from all others. */
  localPort?: number;
}

/**
 * - `open`: the handshake was completed;
 * - `closed`: somebody answered and refused (RST, or ICMP port unreachable);
 * - `filtered`: no answer in time, or ICMP says that it may not or cannot be reached;
 * - `unroutable`: nothing was sent, as the vantage itself has no way there. It proves nothing about a firewall.
 */
export type TcpState = 'open' | 'closed' | 'filtered' | 'unroutable';

export interface TcpOutcome {
  state: TcpState;
  /** The kernel's word for it, when it gave one. */
  errno?: string;
  ms: number;
}

/** Tries one TCP handshake, without sending a byte after it. */
export function tcp(request: TcpRequest): Promise<TcpOutcome> {
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = net.connect({
      host: request.address,
      port: request.port,
      ...localAddressOf(request),
    });
    let polled = false;
    const settle = (state: TcpState, errno?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ state, ms: Math.round(performance.now() - started), ...(errno === undefined ? {} : { errno }) });
    };
    const timer = setTimeout(() => settle('filtered'), boundedTimeout(request.timeoutMs, 1500));
    // An error that comes before the first poll for I/O is connect(2) itself failing: no packet left.
    setImmediate(() => (polled = true));
    socket.once('connect', () => settle('open'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const refused = error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET';
      settle(refused ? 'closed' : polled ? 'filtered' : 'unroutable', error.code ?? error.message);
    });
  });
}

export interface TcpManyRequest {
  targets: readonly TcpRequest[];
  /** How many handshakes at a time; default 64. */
  width?: number;
}

/** Tries many handshakes at once; outcomes are in the order of the targets. */
export function tcpMany(request: TcpManyRequest): Promise<TcpOutcome[]> {
  return inParallel(request.targets, Math.min(request.width ?? 64, 256), tcp);
}
