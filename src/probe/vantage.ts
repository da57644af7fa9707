import type { CommandOutcome, CommandRequest } from './operations/command.ts';
import { codedError } from './operations/failure.ts';
import type { HttpAnswer, HttpManyRequest, HttpOutcome, HttpRequest } from './operations/http.ts';
import type { Operations } from './operations/index.ts';
import type { SqlOutcome, SqlRequest } from './operations/sql.ts';
import type { TcpOutcome, TcpRequest } from './operations/tcp.ts';
import type { TlsOutcome, TlsRequest } from './operations/tls.ts';
import type { UdpOutcome, UdpRequest } from './operations/udp.ts';
import type { OperationName } from './protocol.ts';

/** A place to measure from. It is opened by its first measurement. */
export interface Vantage {
  /** For people: `this machine`, `web1`, `a stranger in edge`. */
  readonly name: string;
  /** One TCP handshake. */
  tcp(request: TcpRequest): Promise<TcpOutcome>;
  /** Many handshakes at once; outcomes are in the order of the targets. */
  tcpMany(targets: readonly TcpRequest[], width?: number): Promise<TcpOutcome[]>;
  udp(request: UdpRequest): Promise<UdpOutcome>;
  /** A TLS handshake; a refusal is an outcome. */
  tls(request: TlsRequest): Promise<TlsOutcome>;
  /** One request. @throws when no answer comes, in words for `observed` */
  http(request: HttpRequest): Promise<HttpAnswer>;
  /** One request; no answer is an outcome too. */
  tryHttp(request: HttpRequest): Promise<HttpOutcome>;
  /** Many requests, over fresh connections or one that is kept. */
  httpMany(request: HttpManyRequest): Promise<HttpOutcome[]>;
  /** SQL statements over one connection, one outcome each. */
  sql(request: SqlRequest): Promise<SqlOutcome[]>;
  /** Addresses and routes of this place. */
  interfaces(): ReturnType<Operations['interfaces']>;
  /** Runs a tool of the probe's image. @throws on `host`, where nothing is run */
  command(argv: CommandRequest['argv'], options?: Omit<CommandRequest, 'argv'>): Promise<CommandOutcome>;
}

export type Call = <N extends OperationName>(
  operation: N,
  request: Parameters<Operations[N]>[0],
) => ReturnType<Operations[N]>;

/** The typed methods over any way of having operations carried out. */
export function vantageOver(name: string, call: Call): Vantage {
  const tryHttp = (request: HttpRequest): Promise<HttpOutcome> => call('http', request);
  return {
    name,
    tcp: (request) => call('tcp', request),
    tcpMany: (targets, width) => call('tcpMany', { targets, ...(width === undefined ? {} : { width }) }),
    udp: (request) => call('udp', request),
    tls: (request) => call('tls', request),
    http: async (request) => answered(name, request, await tryHttp(request)),
    tryHttp,
    httpMany: (request) => call('httpMany', request),
    sql: (request) => call('sql', request),
    interfaces: () => call('interfaces', {}),
    command: (argv, options = {}) => call('command', { ...options, argv }),
  };
}

function answered(name: string, request: HttpRequest, outcome: HttpOutcome): HttpAnswer {
  if (outcome.ok) return outcome;
  const port = request.port ?? (request.tls === undefined ? 80 : 443);
  const { code, message } = outcome.error;
  throw codedError(code, `from ${name}, no answer of ${request.address}:${port}: ${message} (${code})`);
}
