import { existsSync, readFileSync } from 'node:fs';
import type { ProjectFolder } from '../../project/folder.ts';
import { replaceFile } from '../../project/replace-file.ts';

/** A submission's files, laid over those that the lab was written with. */
export class Overlay {
  readonly #folder: ProjectFolder;
  /** What lay in their places. */
  readonly #before = new Map<string, string>();

  constructor(folder: ProjectFolder) {
    this.#folder = folder;
  }

  /** @param to `<service>/<file>` below the project's `config/` */
  lay(to: string, text: string): void {
    const [service = '', ...rest] = to.split('/');
    const place = this.#folder.config(service, rest.join('/'));
    if (!this.#before.has(place)) this.#before.set(place, existsSync(place) ? readFileSync(place, 'utf8') : '');
    replaceFile(place, text, undefined);
  }

  /** Puts back what lay there before. */
  takeOff(): void {
    for (const [place, text] of this.#before) replaceFile(place, text, undefined);
    this.#before.clear();
  }
}
