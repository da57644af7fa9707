import { createHash } from 'node:crypto';
import { contextOf, readSources, type ContextFile } from './context.ts';
import { lockedFor, readLockfile, type Lockfile } from './locked.ts';
import { lineage, neededBy, parts, type Part, type PartTable } from './parts.ts';

/** Raise it when the builder itself changes in a way that changes images. */
const builderVersion = '1';

/** What the image of a part is made from, apart from the packages that Debian serves that day. */
export interface PartInputs {
  files: readonly ContextFile[];
  /** Locked packages that the bundles take in. */
  locked: readonly string[];
  bundles: Readonly<Record<string, string>>;
  /** References of the parent and of what it takes from; undefined for Debian itself, whose day does not count. */
  parent: string | undefined;
}

/**
 * Content hash of a part, 12 hexadecimal digits. The mirror is not an input: every mirror serves the same Debian, and a
 * classroom's images must carry the same names as the ones that were built at home.
 */
export function hashOf({ files, locked, bundles, parent }: PartInputs): string {
  const hash = createHash('sha256');
  // Every field goes in with its length: no two different inputs make the same bytes.
  const add = (value: string | Buffer): void => {
    hash.update(`${Buffer.byteLength(value)}:`).update(value);
  };
  [builderVersion, parent ?? '', String(files.length)].forEach(add);
  for (const { path, executable, content, link } of files) {
    add(path);
    add(link ? 'link' : executable ? 'program' : 'file');
    add(content);
  }
  const sorted = Object.entries(bundles).sort(([a], [b]) => (a < b ? -1 : 1));
  [String(sorted.length), ...sorted.flat(), ...locked].forEach(add);
  return hash.digest('hex').slice(0, 12);
}

/** The image of each part, `lab/<part>:<hash>`, from the files below `images/` alone. Needs no engine. */
export function imageReferences(root: string, table: PartTable = parts): Record<string, string> {
  const made = new Map<string, string>();
  let lockfile: Lockfile | undefined;
  const referenceOf = (name: string, part: Part): string => {
    const hash = hashOf({
      files: [...contextOf(root, name, part.shared), ...readSources(root, part.sources ?? [])],
      parent:
        part.parent === undefined
          ? undefined
          : neededBy(part)
              .map((one) => made.get(one))
              .join(' '),
      bundles: part.bundles ?? {},
      locked: part.bundles === undefined ? [] : lockedFor((lockfile ??= readLockfile(root)), part),
    });
    return `lab/${name}:${hash}`;
  };
  const names = Object.keys(table);
  for (const name of names.flatMap((one) => lineage(table, one))) {
    if (!made.has(name)) made.set(name, referenceOf(name, table[name] as Part));
  }
  return Object.fromEntries(names.map((name) => [name, made.get(name) as string]));
}
