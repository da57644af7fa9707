import dgram from 'node:dgram';
import { isIPv6 } from 'node:net';
import { boundedTimeout } from './bounds.ts';

export interface UdpRequest {
  address: string;
  port: number;
  localAddress?: string;
  localPort?: number;
  /** What to send; default one empty line. */
  payload?: string;
  /** Default 1000. */
  timeoutMs?: number;
}

/** `open`: an answer came. `closed`: ICMP port unreachable. Silence can be either of the other two. */
export type UdpState = 'open' | 'closed' | 'open|filtered' | 'unroutable';

export interface UdpOutcome {
  state: UdpState;
  errno?: string;
  ms: number;
}

/** Sends one datagram and waits for an answer, a refusal, or nothing. */
export function udp(request: UdpRequest): Promise<UdpOutcome> {
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = dgram.createSocket(isIPv6(request.address.replace(/%.*$/, '')) ? 'udp6' : 'udp4');
    let settled = false;
    const settle = (state: UdpState, errno?: string): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      socket.close();
      resolve({ state, ms: Math.round(performance.now() - started), ...(errno === undefined ? {} : { errno }) });
    };
    const timer = setTimeout(() => settle('open|filtered'), boundedTimeout(request.timeoutMs, 1000));
    let sent = false;
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'ECONNREFUSED') settle('closed', error.code);
      else settle(sent ? 'open|filtered' : 'unroutable', error.code ?? error.message);
    };
    socket.on('error', failed);
    socket.on('message', () => settle('open'));
    // Only a connected UDP socket is told of ICMP errors (udp(7)).
    const speak = (): void =>
      socket.connect(request.port, request.address, () => {
        socket.send(request.payload ?? '\n', (error) => {
          if (error) failed(error);
          else sent = true;
        });
      });
    const { localAddress: address, localPort: port } = request;
    if (address === undefined && port === undefined) speak();
    else socket.bind({ ...(address === undefined ? {} : { address }), ...(port === undefined ? {} : { port }) }, speak);
  });
}
