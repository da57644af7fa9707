import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type Docker from 'dockerode';
import { composeLabel, projectContainers } from '../../engine/containers.ts';

/** What one of the grader's own servers says that it was asked. */
export interface OriginAnswer {
  server: string;
  method: string;
  path: string;
  headers: Record<string, string | undefined>;
  peer: string;
}

/** `ends`: nobody listens any more. `ails`: its health path answers 500. `hangs`: it takes requests and never answers. */
export type Trouble = 'ends' | 'ails' | 'hangs';

const signals: Record<Trouble, string> = { ends: 'SIGUSR2', ails: 'SIGHUP', hangs: 'SIGWINCH' };

/** The grader's own servers of one stage: their secret, their answers, and whether they answer at all. */
export class Origins {
  readonly #docker: Docker;
  readonly #project: string;
  readonly #names: readonly string[];
  /** Fresh for each stage; neither a submission nor the plan ever has it. */
  readonly #secret = randomBytes(32).toString('hex');
  readonly #troubled = new Set<string>();

  constructor(docker: Docker, project: string, names: readonly string[]) {
    this.#docker = docker;
    this.#project = project;
    this.#names = names;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** Each server's own `origin.json`. */
  files(): [string, string][] {
    return this.#names.map((name) => [name, `${JSON.stringify({ name, secret: this.#secret, port: 80 })}\n`]);
  }

  /** What an answer says that its server saw; undefined when no server of ours made it, or not for this path. */
  read(answer: { body: string; headers: Readonly<Record<string, string>> }, path: string): OriginAnswer | undefined {
    const proof = createHmac('sha256', this.#secret).update(answer.body).digest();
    const given = Buffer.from(answer.headers['x-proof'] ?? '', 'hex');
    if (given.length !== proof.length || !timingSafeEqual(given, proof)) return undefined;
    const seen = JSON.parse(answer.body) as OriginAnswer;
    return seen.path === path ? seen : undefined;
  }

  /** Takes a server off its port, as if its process had ended. */
  silence(name: string): Promise<void> {
    return this.trouble(name, 'ends');
  }

  /** Puts a server in trouble. The signal is under way when this returns; what comes of it is seen a moment later. */
  async trouble(name: string, trouble: Trouble): Promise<void> {
    this.#troubled.add(name);
    await this.#signal(name, signals[trouble]);
  }

  /** Brings back all that are in trouble. */
  async wake(): Promise<void> {
    await Promise.all([...this.#troubled].map((name) => this.#signal(name, 'SIGCONT')));
    this.#troubled.clear();
  }

  async #signal(name: string, signal: string): Promise<void> {
    const containers = await projectContainers(this.#docker, this.#project);
    const found = containers.find(({ Labels }) => Labels[composeLabel.service] === name);
    if (found !== undefined) await this.#docker.getContainer(found.Id).kill({ signal });
  }
}
