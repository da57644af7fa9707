import type { Exercise } from '../exercise/schema.ts';
import { taskFile } from '../hand-out.ts';
import type { Refusal } from '../result.ts';
import type { Entry, Holder } from './entry.ts';
import { limits } from './limits.ts';
import { asks, inTheWay, match, type Taken } from './match.ts';
import { duplicates } from './names.ts';
import { refusal, Refused, shown } from './refused.ts';
import { withoutTopFolder } from './top-folder.ts';

/** What is taken of a folder or archive, before anything of it is read. */
export interface Selection {
  taken: Taken[];
  notes: string[];
}

/** @throws Refused SUBMISSION_LINK, SUBMISSION_KIND, SUBMISSION_DUPLICATE, SUBMISSION_EMPTY */
export function select(holder: Holder, exercise: Exercise): Selection {
  const { entries, notes } = withoutTopFolder(holder.entries, (path) => asks(exercise, path));
  const files = entries.filter(({ kind }) => kind === 'file');
  const odd = entries.filter(({ kind }) => kind === 'link' || kind === 'special');
  const whole = exercise.takes === 'project';
  const harmful = odd.filter(({ path }) => holder.archive || whole || inTheWay(exercise, path));
  orRefuse(harmful.map(oddity));
  orRefuse(
    duplicates(
      files.map(({ path }) => path),
      holder.archive ? entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path) : [],
    ),
  );

  const own = whole ? files : files.filter(({ path }) => path !== taskFile || asks(exercise, path));
  const matched = whole ? { taken: own.filter(isText).map(asItIs), notes: [] } : match(exercise, own);
  if (matched.taken.length === 0) orRefuse([...odd.map(oddity), empty(exercise, files)]);
  const used = new Set(matched.taken.map(({ entry }) => entry));
  return {
    taken: matched.taken,
    notes: [
      ...notes,
      ...matched.notes,
      ...leftOut(
        [...own, ...odd].filter((entry) => !used.has(entry)),
        whole ? 'they are not text' : 'the exercise does not ask for it',
      ),
    ],
  };
}

function asItIs(entry: Entry): Taken {
  return { path: entry.path, entry, maxBytes: limits.projectFile };
}

/** Pictures and fonts belong to many a project; they are not read, since a submission is text. */
function isText({ path }: Entry): boolean {
  return !/\.(png|jpe?g|gif|ico|webp|woff2?|[ot]tf|pdf)$/i.test(path);
}

function oddity({ kind, path }: Entry): Refusal {
  if (kind === 'link') return refusal('SUBMISSION_LINK', 'A link: only files themselves are taken.', path);
  return refusal('SUBMISSION_KIND', 'Neither a file nor a folder: a device, pipe or socket.', path);
}

function empty({ takes, files }: Exercise, found: readonly Entry[]): Refusal {
  const asked = takes === 'project' ? 'a Compose project' : files.map(({ path }) => path).join(', ');
  const instead = found.length === 0 ? 'There is no file at all' : `There is only ${names(found)}`;
  return refusal('SUBMISSION_EMPTY', `${instead}; asked for: ${asked}.`);
}

function leftOut(entries: readonly Entry[], reason: string): string[] {
  return entries.length === 0 ? [] : [`Left out, since ${reason}: ${names(entries)}.`];
}

/** Some names, and how many more. */
export function names(entries: readonly { path: string }[]): string {
  const more = entries.length > most ? ` and ${entries.length - most} more` : '';
  return (
    entries
      .slice(0, most)
      .map(({ path }) => shown(path))
      .join(', ') + more
  );
}

const most = 5;

/** At most five: who sends a thousand wrong names learns from five. */
function orRefuse(refusals: readonly Refusal[]): void {
  if (refusals.length > 0) throw new Refused(refusals.slice(0, most));
}
