import type { Entry } from './entry.ts';
import { limits, type Deadline } from './limits.ts';
import { depthOf, isClutter } from './names.ts';
import { refuse } from './refused.ts';

/** What a folder or archive is listed into. */
export interface Taker {
  /**
   * One more was found.
   * @param name as it is written there; nothing is known of it
   * @param entry makes it an entry, or refuses it
   */
  take(name: string, entry: () => Entry): void;
}

/** Takes entries one by one and stops at the first that is one too many, so that no list becomes long. */
export class Tally implements Taker {
  readonly entries: Entry[] = [];
  #listed = 0;
  readonly #deadline: Deadline;

  constructor(deadline: Deadline) {
    this.#deadline = deadline;
  }

  /** @throws Refused */
  take(_name: string, entry: () => Entry): void {
    this.count();
    this.add(entry());
  }

  /**
   * One more name was found, whatever becomes of it.
   * @throws Refused SUBMISSION_TOO_MANY, SUBMISSION_TIMEOUT
   */
  count(): void {
    this.#deadline.check();
    this.#listed += 1;
    if (this.#listed > limits.listed) tooMany(limits.listed);
  }

  /** @throws Refused SUBMISSION_TOO_MANY, SUBMISSION_TOO_DEEP */
  add(entry: Entry): void {
    if (entry.path === '' || isClutter(entry.path)) return;
    if (depthOf(entry.path) > limits.depth)
      refuse('SUBMISSION_TOO_DEEP', `Folders lie more than ${limits.depth} deep.`, entry.path);
    if (this.entries.length >= limits.entries) tooMany(limits.entries);
    this.entries.push(entry);
  }
}

function tooMany(most: number): never {
  refuse('SUBMISSION_TOO_MANY', `There are more than ${most} files and folders.`);
}
