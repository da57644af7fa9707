import type { CommandOutcome, CommandRequest } from './command.ts';
import type { HttpManyRequest, HttpOutcome, HttpRequest } from './http.ts';
import type { interfaces } from './interfaces.ts';
import type { SqlOutcome, SqlRequest } from './sql.ts';
import type { TcpManyRequest, TcpOutcome, TcpRequest } from './tcp.ts';
import type { TlsOutcome, TlsRequest } from './tls.ts';
import type { UdpOutcome, UdpRequest } from './udp.ts';

/** Everything that can be measured from a vantage: requests and answers are plain JSON. */
export interface Operations {
  tcp(request: TcpRequest): Promise<TcpOutcome>;
  tcpMany(request: TcpManyRequest): Promise<TcpOutcome[]>;
  udp(request: UdpRequest): Promise<UdpOutcome>;
  tls(request: TlsRequest): Promise<TlsOutcome>;
  http(request: HttpRequest): Promise<HttpOutcome>;
  httpMany(request: HttpManyRequest): Promise<HttpOutcome[]>;
  sql(request: SqlRequest): Promise<SqlOutcome[]>;
  interfaces(request: Record<string, never>): ReturnType<typeof interfaces>;
  command(request: CommandRequest): Promise<CommandOutcome>;
}

/** Each operation is loaded when it is first used: an agent must start quickly. */
export const lightOperations: Omit<Operations, 'sql'> = {
  tcp: async (request) => (await import('./tcp.ts')).tcp(request),
  tcpMany: async (request) => (await import('./tcp.ts')).tcpMany(request),
  udp: async (request) => (await import('./udp.ts')).udp(request),
  tls: async (request) => (await import('./tls.ts')).tls(request),
  http: async (request) => (await import('./http.ts')).http(request),
  httpMany: async (request) => (await import('./http.ts')).httpMany(request),
  interfaces: async () => (await import('./interfaces.ts')).interfaces(),
  command: async (request) => (await import('./command.ts')).command(request),
};
