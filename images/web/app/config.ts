import { readFileSync } from 'node:fs';

export interface Endpoint {
  host: string;
  port: number;
}

export interface DatabaseConfig {
  name: string;
  user: string;
  password: string;
  /** PEM of the authority that signed the databases' certificates. */
  ca: string;
  /** What the application shows of itself, where the databases ask for it (PEM). */
  identity?: { cert: string; key: string };
  primary: Endpoint;
  replica: Endpoint;
}

export interface AppConfig {
  database: DatabaseConfig;
}

/** Where the site listens: only Nginx, in the same container, may reach it. */
export const siteEndpoint: Endpoint = { host: '127.0.0.1', port: 3000 };

/** Where metrics and health are served to the operators. */
export const operationsEndpoint: Endpoint = { host: '0.0.0.0', port: 9464 };

/**
 * Reads the application's configuration, and the password and CA files that it names.
 * Throws an Error naming the file and the key when something is missing or of the wrong type.
 */
export function loadConfig(path: string): AppConfig {
  const database = section(path, JSON.parse(readFileSync(path, 'utf8')), 'database');
  return {
    database: {
      name: text(path, database, 'name'),
      user: text(path, database, 'user'),
      password: readFileSync(text(path, database, 'passwordFile'), 'utf8').trimEnd(),
      ca: readFileSync(text(path, database, 'caFile'), 'utf8'),
      ...identity(path, database),
      primary: endpoint(path, section(path, database, 'primary')),
      replica: endpoint(path, section(path, database, 'replica')),
    },
  };
}

function identity(path: string, database: object): Pick<DatabaseConfig, 'identity'> {
  if (!('certificateFile' in database)) return {};
  const pem = (key: string): string => readFileSync(text(path, database, key), 'utf8');
  return { identity: { cert: pem('certificateFile'), key: pem('keyFile') } };
}

function endpoint(path: string, value: object): Endpoint {
  const port: unknown = Reflect.get(value, 'port');
  if (!Number.isInteger(port)) throw new Error(`${path}: "port" must be a whole number`);
  return { host: text(path, value, 'host'), port: port as number };
}

function section(path: string, value: unknown, key: string): object {
  const inner: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  if (typeof inner !== 'object' || inner === null) throw new Error(`${path}: "${key}" must be an object`);
  return inner;
}

function text(path: string, value: object, key: string): string {
  const inner: unknown = Reflect.get(value, key);
  if (typeof inner !== 'string' || inner === '') throw new Error(`${path}: "${key}" must be a string`);
  return inner;
}
