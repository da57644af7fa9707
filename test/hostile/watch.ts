import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';

const mostBytes = 256 * 1024;

/** Looks on while submissions are graded: which stages there are, and the beginning of what each of their containers writes. */
export class Watch {
  readonly projects = new Set<string>();
  readonly #home: string;
  readonly #events: Readable;
  readonly #timer: NodeJS.Timeout;
  readonly #logs: string[] = [];

  private constructor(docker: Docker, home: string, events: Readable) {
    this.#home = home;
    this.#events = events;
    this.#timer = setInterval(() => this.#look(), 200);
    let rest = '';
    events.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk.toString()}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((one) => one !== '')) {
        const { Actor } = JSON.parse(line) as { Actor: { ID: string; Attributes: Record<string, string> } };
        const folder = Actor.Attributes['com.docker.compose.project.working_dir'] ?? '';
        if (folder.startsWith(home)) void this.#follow(docker.getContainer(Actor.ID)).catch(() => undefined);
      }
    });
  }

  /** @param home the `LAB_HOME` of those who grade */
  static async over(docker: Docker, home: string): Promise<Watch> {
    const events = await docker.getEvents({ filters: { type: ['container'], event: ['start'] } });
    return new Watch(docker, home, events as Readable);
  }

  /** What was seen of all their logs. */
  get logs(): string {
    return this.#logs.join('');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#events.destroy();
  }

  #look(): void {
    const folder = join(this.#home, '.grading');
    if (existsSync(folder)) for (const name of readdirSync(folder)) this.projects.add(name);
  }

  async #follow(container: Docker.Container): Promise<void> {
    const stream = (await container.logs({ follow: true, stdout: true, stderr: true })) as unknown as Readable;
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      this.#logs.push(chunk.toString('latin1'));
      size += chunk.length;
      if (size > mostBytes) stream.destroy();
    });
    stream.on('error', () => undefined);
  }
}
