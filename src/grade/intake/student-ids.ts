import { basename } from 'node:path';

/** What names of folders and reports may be made of, everywhere. */
const others = /[^A-Za-z0-9._-]+/g;
const archives = /\.(tar\.gz|tgz|tar|zip|gz)$/i;
const longest = 64;

/**
 * A student's id, from the name of what was handed in: `Ana Pérez.zip` is `Ana-Perez`.
 * @param folder whether it is a folder: then a dot in its name begins no extension
 */
export function studentId(name: string, folder = false): string {
  const base = basename(name);
  const stem = archives.test(base) ? base.replace(archives, '') : folder ? base : base.replace(/(?<=.)\.[^.]*$/, '');
  const plain = stem.normalize('NFKD').replace(/\p{M}/gu, '').replace(others, '-');
  const bounded = plain
    .replace(/^[-.]+/, '')
    .slice(0, longest)
    .replace(/[-.]+$/, '');
  return bounded === '' ? 'student' : bounded;
}

/**
 * Makes ids differ, also where capitals do not count: `alice`, `alice-2`. Whoever has a name to himself keeps it,
 * whatever the order in which they are given; among those of one name, the order of `tie` decides.
 */
export function distinct(ids: readonly { id: string; tie: string }[]): string[] {
  const order = ids.map((_, index) => index).sort((a, b) => byText(ids[a]!, ids[b]!));
  const given = new Map<number, string>();
  const used = new Set<string>();
  const give = (index: number, id: string) => {
    if (used.has(id.toLowerCase())) return false;
    used.add(id.toLowerCase());
    given.set(index, id);
    return true;
  };
  for (const index of order) give(index, ids[index]!.id);
  for (const index of order) for (let n = 2; !given.has(index); n += 1) give(index, `${ids[index]!.id}-${n}`);
  return ids.map((_, index) => given.get(index)!);
}

function byText(a: { id: string; tie: string }, b: { id: string; tie: string }): number {
  const [left, right] = [`${a.id}\0${a.tie}`, `${b.id}\0${b.tie}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
