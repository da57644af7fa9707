import { InvalidArgumentError, Option } from 'commander';

export const defaultLab = 'secured-monitored';

/** A TCP port of this machine. @throws InvalidArgumentError */
export function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 65535)
    throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return number;
}

/** A whole number from 0. @throws InvalidArgumentError */
export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}

export const option = {
  project: () =>
    new Option('-p, --project <name>', 'The project; needed where there is more than one').env('LAB_PROJECT'),
  newProject: () => new Option('-p, --project <name>', 'Name of the project (default: the lab’s)').env('LAB_PROJECT'),
  json: () => new Option('--json', 'Write one JSON document to standard output, and nothing else'),
  yes: () => new Option('-y, --yes', 'Answer yes to every question'),
  httpsPort: () => new Option('--https-port <port>', 'Port on 127.0.0.1 for HTTPS').argParser(port),
  httpPort: () => new Option('--http-port <port>', 'Port on 127.0.0.1 for HTTP').argParser(port),
  port: () =>
    new Option(
      '--port <endpoint=port>',
      'Port on 127.0.0.1 for another endpoint, such as prometheus=19090; may be given again',
    )
      .argParser(endpointPort)
      .default({}, 'the lab’s own'),
  certificates: () =>
    new Option('--certificates <source>', 'Who makes the certificates').choices(['lab-ca', 'mkcert', 'self-signed']),
  seed: () => new Option('--seed <number>', 'Chooses subnets; the same seed, the same bytes').argParser(count),
} as const;

/** `endpoint=port`, added to those given before. @throws InvalidArgumentError */
function endpointPort(text: string, before: Record<string, number>): Record<string, number> {
  const [, name, number] = /^([a-z][a-z0-9-]*)=(\d+)$/.exec(text) ?? [];
  if (name === undefined || number === undefined) throw new InvalidArgumentError('It must be endpoint=port.');
  return { ...before, [name]: port(number) };
}

interface PortFlags {
  port: Record<string, number>;
  httpsPort?: number;
  httpPort?: number;
}

/** Host ports by endpoint, of those that were given. */
export function portsOf({ port, httpsPort, httpPort }: PortFlags): Record<string, number> {
  return {
    ...port,
    ...(httpsPort === undefined ? {} : { https: httpsPort }),
    ...(httpPort === undefined ? {} : { http: httpPort }),
  };
}

/** The value under its key, or nothing: optional properties must not be there as `undefined`. */
export function given<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
}
