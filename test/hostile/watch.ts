import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { onContainerStart } from '../support/container-starts.ts';

const mostBytes = 256 * 1024;

/** Looks on while submissions are graded: which stages there are, and the beginning of what each of their containers writes. */
export class Watch {
  readonly projects = new Set<string>();
  readonly #home: string;
  #end = (): void => undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #logs: string[] = [];

  private constructor(home: string) {
    this.#home = home;
    this.#timer = setInterval(() => this.#look(), 200);
  }

  /** @param home the `LAB_HOME` of those who grade */
  static async over(docker: Docker, home: string): Promise<Watch> {
    const watch = new Watch(home);
    watch.#end = await onContainerStart(docker, (id, labels) => {
      const folder = labels['com.docker.compose.project.working_dir'] ?? '';
      if (folder.startsWith(home)) void watch.#follow(docker.getContainer(id)).catch(() => undefined);
    });
    return watch;
  }

  /** What was seen of all their logs. */
  get logs(): string {
    return this.#logs.join('');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#end();
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
