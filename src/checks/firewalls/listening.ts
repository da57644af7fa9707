import { unlessStatus } from '../../engine/containers.ts';
import type { CheckContext } from '../check.ts';
import { once } from '../once.ts';
import type { Listener, Protocol } from './matrix.ts';

/** Above it the kernel gives ports to clients (ip_local_port_range): an unconnected UDP socket there is no service. */
const firstClientPort = 32_768;

/** Every port that something listens on in the running services, read from their kernels. Stopped ones say nothing. */
export function listeningAll(context: CheckContext): Promise<Listener[]> {
  return once(context, 'listening', async () => {
    const heard = await Promise.all(context.plan.services.map(({ name }) => listeningOf(context, name)));
    return heard.flat();
  });
}

/** Every port that something listens on in one service. */
export async function listeningOf(context: Pick<CheckContext, 'exec'>, service: string): Promise<Listener[]> {
  const files = ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => `/proc/net/${name}`);
  const found = await context.exec(service, ['grep', '-H', ':', ...files]).catch(unlessStatus(409));
  return parseListening(found?.stdout ?? '').map((one) => ({ service, ...one }));
}

/**
 * Reads lines of /proc/net/{tcp,udp}{,6} with the file's name before each, as `grep -H` gives them (proc_net_tcp(5)): listening
 * TCP sockets have state 0A, unconnected UDP sockets 07; what listens on loopback only is left out.
 */
export function parseListening(text: string): { protocol: Protocol; port: number }[] {
  const found = text.matchAll(/^\/proc\/net\/(tcp|udp)6?:\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /gm);
  const ports = [...found].flatMap(([, protocol, address = '', hex = '', state]) => {
    const port = parseInt(hex, 16);
    const listens = protocol === 'tcp' ? state === '0A' : state === '07' && port < firstClientPort;
    return listens && !isLoopback(address) ? [{ protocol: protocol as Protocol, port }] : [];
  });
  return [...new Map(ports.map((one) => [`${one.protocol}${one.port}`, one])).values()];
}

/** 127.0.0.0/8, ::1 and ::ffff:127.0.0.0/104, as the kernel writes them on a little-endian machine. */
function isLoopback(address: string): boolean {
  return (
    /^.{6}7F$/.test(address) || address === '00000000000000000000000001000000' || /^0{16}FFFF0000.{6}7F$/.test(address)
  );
}
