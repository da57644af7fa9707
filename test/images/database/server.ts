import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import { GenericContainer, Wait } from 'testcontainers';
import type { KeyPair } from '../../../src/project/pki.ts';
import { makeCertificate } from '../../../src/project/pki.ts';
import { renderTemplate } from '../../../src/project/render.ts';
import type { TestNetwork } from './network.ts';

export type Role = 'primary' | 'replica';

export const passwords = { 'mysql-app': 'app-1', 'mysql-replicator': `r'e"p\\l`, 'mysql-exporter': 'exporter-1' };

/** The container's root is read-only, as in a lab; testcontainers has no setting of its own for that. */
class ReadOnlyContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
  }
}

/** One database server, run the way a lab runs it, with its configuration in a folder that a test may change. */
export class Server {
  readonly name: string;
  readonly volume: string;
  private container: StartedTestContainer | undefined;

  private constructor(
    readonly role: Role,
    private readonly docker: Docker,
    private readonly network: TestNetwork,
    private readonly folder: string,
  ) {
    this.name = `db-${role}`;
    this.volume = `${network.name}-${role}`;
  }

  static async prepare(docker: Docker, network: TestNetwork, role: Role, authority: KeyPair): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), 'lab-database-'));
    const server = new Server(role, docker, network, folder);
    await Promise.all([mkdir(join(folder, 'lab')), mkdir(join(folder, 'secrets'))]);
    const data = {
      name: server.name,
      serverId: role === 'primary' ? 1 : 2,
      database: 'foobar',
      webSubnet: network.hostSide,
      dataSubnet: network.containerSide,
      primary: { host: 'db-primary', port: 3306 },
      semisynchronous: true,
      replica: role === 'replica',
    };
    const files = [
      ['my.cnf.hbs', 'my.cnf'],
      ['figures.sql.hbs', 'figures.sql'],
      ...['role.cnf', 'init.sql', 'state.sql', 'healthy.sql'].map((file) => [`${role}/${file}.hbs`, file]),
    ];
    for (const [template, file] of files)
      await server.write(`lab/${file}`, renderTemplate(`database/${template}`, data));
    const names = { commonName: server.name, names: [server.name], addresses: [] };
    const own = { name: 'server', service: server.name, ...names, days: 7, use: 'both', layout: 'pair' } as const;
    const pair = await makeCertificate(own, authority, new Date());
    await server.write('ca.pem', authority.certificate);
    await server.write('secrets/server.crt', pair.certificate);
    await server.write('secrets/server.key', pair.key);
    for (const [name, password] of Object.entries(passwords)) await server.write(`secrets/${name}`, password);
    return server;
  }

  write(path: string, content: string): Promise<void> {
    return writeFile(join(this.folder, path), content);
  }

  /** Starts a new container on the same data and waits until it calls itself healthy. */
  async start(image: string): Promise<void> {
    this.container = await new ReadOnlyContainer(image)
      .withUser('10030:10030')
      .withDroppedCapabilities('ALL')
      .withSecurityOpt('no-new-privileges')
      .withTmpFs({
        '/run': 'uid=10030,gid=10030,mode=0755,size=16m,exec',
        '/tmp': 'uid=10030,gid=10030,mode=0700,size=16m',
      })
      .withNetworkMode(this.network.name)
      .withNetworkAliases(this.name)
      .withBindMounts([
        { source: this.volume, target: '/var/lib/mysql' },
        { source: join(this.folder, 'lab'), target: '/etc/lab', mode: 'ro' },
        { source: join(this.folder, 'secrets'), target: '/run/secrets', mode: 'ro' },
        { source: join(this.folder, 'ca.pem'), target: '/etc/ssl/lab/inside.pem', mode: 'ro' },
      ])
      .withHealthCheck({
        test: ['CMD', '/usr/local/bin/healthy'],
        interval: 250,
        timeout: 5000,
        retries: 3,
        startPeriod: 60_000,
      })
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(60_000)
      .start();
  }

  get engine(): Docker.Container {
    if (this.container === undefined) throw new Error(`${this.name} is not started`);
    return this.docker.getContainer(this.container.getId());
  }

  async address(): Promise<string> {
    const { NetworkSettings } = await this.engine.inspect();
    return NetworkSettings.Networks[this.network.name]?.IPAddress ?? '';
  }

  async run(command: string[], user = '10030:10030'): Promise<{ output: string; exitCode: number }> {
    if (this.container === undefined) throw new Error(`${this.name} is not started`);
    return this.container.exec(command, { user });
  }

  /** What root, on the local socket, is answered: rows by line, columns by tabulator. @throws on an SQL error */
  async sql(statements: string): Promise<string> {
    const { output, exitCode } = await this.run(['mysql', '--batch', '--skip-column-names', '-e', statements]);
    if (exitCode !== 0) throw new Error(output);
    return output.trim();
  }

  async healthy(): Promise<boolean> {
    return (await this.run(['healthy'])).exitCode === 0;
  }

  async remove(): Promise<void> {
    await this.container?.stop({ remove: true, timeout: 10_000 });
    this.container = undefined;
  }

  /** Also the data. */
  async discard(): Promise<void> {
    await this.remove();
    await this.docker.getVolume(this.volume).remove({ force: true });
    await rm(this.folder, { recursive: true, force: true });
  }
}
