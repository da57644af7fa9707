import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { stacks, type Stack, type StackName } from '../../../src/plan/stacks.ts';
import type { KeyPair } from '../../../src/project/pki.ts';
import { renderTemplate } from '../../../src/project/render.ts';
import { imageFor } from '../../support/images.ts';
import { passwords } from '../database/server.ts';

export const uid = 10020;

export interface Setting {
  /** Whose X-Forwarded-For is believed; default nobody's. */
  balancer?: string;
  /** A network with databases in it, and what they are called there; by default there are none. */
  databases?: { network: string; primary: string; replica: string };
  /** Names of its own, beside those of the network: name and address. */
  hosts?: Readonly<Record<string, string>>;
  /** PEM of the authority that signed certificates. */
  authority?: string;
  /** What the server shows where TLS goes on inside. */
  identity?: KeyPair;
  /** What the application shows to the databases. */
  account?: KeyPair;
}

/** One server alone, of one stack, hardened as in a lab. */
export class WebServer {
  readonly stack: Stack;
  /** What it wrote to standard output and error, line by line. */
  readonly lines: string[] = [];
  #container: StartedTestContainer | undefined;
  #folder = '';

  constructor(stack: StackName) {
    this.stack = stacks[stack];
  }

  async start({
    balancer = '192.0.2.1',
    databases,
    hosts = {},
    authority = '',
    identity,
    account,
  }: Setting = {}): Promise<this> {
    this.#folder = await mkdtemp(join(tmpdir(), 'lab-web-'));
    const { file, part } = this.stack;
    const data = {
      name: 'web1',
      balancerAddresses: [balancer],
      balancerNames: ['balancer'],
      mutual: identity !== undefined,
    };
    const files: Record<string, string> = {
      [`lab/${file}`]: renderTemplate(`web/${file}.hbs`, data),
      'lab/app.json': JSON.stringify({ database: databaseConfig(databases, account !== undefined) }),
      'ssl/inside.pem': authority,
      'secrets/mysql-app': `${passwords['mysql-app']}\n`,
      ...(account === undefined
        ? {}
        : { 'secrets/database.crt': account.certificate, 'secrets/database.key': account.key }),
      ...(identity === undefined
        ? {}
        : { 'secrets/server.crt': identity.certificate, 'secrets/server.key': identity.key }),
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.#folder, path)), { recursive: true });
      await writeFile(join(this.#folder, path), content);
    }
    const container = new ReadOnlyContainer(await imageFor(part))
      .withHostname('web1')
      .withUser(`${uid}:${uid}`)
      .withDroppedCapabilities('ALL')
      .withSecurityOpt('no-new-privileges')
      .withTmpFs({ '/run': `uid=${uid},gid=${uid},mode=755,exec`, '/tmp': 'mode=1777' })
      .withBindMounts([
        { source: join(this.#folder, 'lab'), target: '/etc/lab', mode: 'ro' },
        { source: join(this.#folder, 'ssl'), target: '/etc/ssl/lab', mode: 'ro' },
        { source: join(this.#folder, 'secrets'), target: '/run/secrets', mode: 'ro' },
      ])
      .withExposedPorts(80, 443, 9100, 9113, 9464)
      .withHealthCheck({ test: ['CMD', '/usr/local/bin/healthy'], interval: 500, timeout: 2000, retries: 20 })
      .withLogConsumer((stream) => stream.on('data', (line) => this.lines.push(String(line).trim())))
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(20_000);
    // Nobody listens there: the loopback interface refuses at once.
    const known = databases === undefined ? { 'db-primary': '127.0.0.1', 'db-replica': '127.0.0.1' } : hosts;
    container.withExtraHosts(Object.entries(known).map(([host, ipAddress]) => ({ host, ipAddress })));
    if (databases !== undefined) container.withNetworkMode(databases.network);
    this.#container = await container.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.#container?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get container(): StartedTestContainer {
    if (this.#container === undefined) throw new Error('it is not started');
    return this.#container;
  }

  url(path: string, port = 80): string {
    return `http://${this.container.getHost()}:${this.container.getMappedPort(port)}${path}`;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url(path), { headers, redirect: 'manual' });
  }

  post(path: string, type: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
    const init = { method: 'POST', headers: { 'content-type': type, ...headers }, body, redirect: 'manual' } as const;
    return fetch(this.url(path), init);
  }

  async statusOf(path: string): Promise<number> {
    try {
      return (await this.get(path)).status;
    } catch {
      return 0;
    }
  }

  async metrics(port: number): Promise<string> {
    return (await fetch(this.url('/metrics', port))).text();
  }

  async shell(script: string): Promise<string> {
    const { output, exitCode } = await this.container.exec(['sh', '-c', script]);
    return exitCode === 0 ? output.trim() : `exit ${exitCode}: ${output}`;
  }
}

/** Testcontainers has no setting of its own for that. */
class ReadOnlyContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
  }
}

function databaseConfig(databases: Setting['databases'], certified: boolean): object {
  return {
    name: 'foobar',
    user: 'app',
    passwordFile: '/run/secrets/mysql-app',
    caFile: '/etc/ssl/lab/inside.pem',
    ...(certified ? { certificateFile: '/run/secrets/database.crt', keyFile: '/run/secrets/database.key' } : {}),
    primary: { host: databases?.primary ?? 'db-primary', port: 3306 },
    replica: { host: databases?.replica ?? 'db-replica', port: 3306 },
  };
}
