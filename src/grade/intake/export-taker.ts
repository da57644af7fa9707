import { isArchiveName, openContent } from './archive.ts';
import type { Entry, Holder } from './entry.ts';
import { limits, type Deadline } from './limits.ts';
import { isClutter } from './names.ts';
import { refuse, Refused } from './refused.ts';
import type { Source } from './source.ts';
import type { Part } from './students.ts';
import { Tally, type Taker } from './tally.ts';

/** What lies under one name at the top of an export. */
interface Pile {
  entries: Entry[];
  /** The first thing in it that no submission may hold. */
  refused?: Refused;
}

/** Sorts what an export holds by the names at its top, one for each student. */
export class ExportTaker implements Taker {
  #piles = new Map<string, Pile>();
  #listed = 0;

  take(name: string, entry: () => Entry): void {
    this.#listed += 1;
    if (this.#listed > limits.exportListed)
      refuse('SUBMISSION_TOO_MANY', `there are more than ${limits.exportListed} files and folders`);
    // From the name as it is written: one that is refused still belongs to somebody.
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    const top = parts[0];
    if (top === undefined || isClutter(top)) return;
    const pile = this.#pile(top);
    try {
      if (pile.refused !== undefined) return;
      if (pile.entries.length >= limits.listed)
        refuse('SUBMISSION_TOO_MANY', `There are more than ${limits.listed} files and folders.`);
      pile.entries.push(entry());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      pile.refused = error;
    }
  }

  /** @returns submissions in the order of their names, and the names of what is none */
  parts(): { parts: Part[]; others: string[] } {
    this.#unwrap();
    const parts: Part[] = [];
    const others: string[] = [];
    for (const [top, pile] of [...this.#piles].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const folder =
        pile.refused !== undefined || pile.entries.some(({ path, kind }) => path !== top || kind === 'folder');
      if (folder || isArchiveName(top)) parts.push({ source: sourceOf(top, pile, folder), folder });
      else others.push(top);
    }
    return { parts, others };
  }

  /** An export may lie in one folder of its own: then archives lie directly in that. */
  #unwrap(): void {
    const [only, ...more] = this.#piles;
    if (only === undefined || more.length > 0 || only[1].refused !== undefined) return;
    const [top, { entries }] = only;
    const inside = entries.filter(({ path }) => path !== top);
    if (!inside.some(({ path, kind }) => kind === 'file' && path.split('/').length === 2 && isArchiveName(path)))
      return;
    this.#piles = new Map();
    for (const entry of inside) {
      const path = entry.path.slice(top.length + 1);
      if (!isClutter(path)) this.#pile(path.split('/')[0]!).entries.push({ ...entry, path });
    }
  }

  #pile(top: string): Pile {
    const pile = this.#piles.get(top) ?? { entries: [] };
    this.#piles.set(top, pile);
    return pile;
  }
}

function sourceOf(top: string, { entries, refused }: Pile, folder: boolean): Source {
  const open = async (deadline: Deadline): Promise<Holder> => {
    if (refused !== undefined) throw refused;
    if (!folder) return openNested(top, entries, deadline);
    const tally = new Tally(deadline);
    for (const entry of entries) tally.take(entry.path, () => ({ ...entry, path: entry.path.slice(top.length + 1) }));
    return { entries: tally.entries, archive: true, close: () => Promise.resolve() };
  };
  return { name: top, open };
}

async function openNested(top: string, [entry, ...more]: readonly Entry[], deadline: Deadline): Promise<Holder> {
  if (entry === undefined || more.length > 0)
    refuse('SUBMISSION_DUPLICATE', 'There is more than one archive of this name.', top);
  if (entry.kind !== 'file') refuse('SUBMISSION_LINK', 'A link or a special file where an archive is asked for.', top);
  return openContent(top, await entry.read(limits.archive, deadline), deadline);
}
