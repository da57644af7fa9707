import type { Where } from '../../errors.ts';

/** A scalar of a student's YAML. */
export type Plain = string | number | boolean | null;

/** YAML as the policy reads it: aliases and merges are resolved, names are no properties of any object, each part knows its place. */
export type Tree =
  | { kind: 'map'; entries: ReadonlyMap<string, Entry>; at: Where }
  | { kind: 'list'; items: readonly Tree[]; at: Where }
  | { kind: 'scalar'; value: Plain; at: Where };

export interface Entry {
  /** Where its key stands. */
  at: Where;
  value: Tree;
}

export type MapTree = Extract<Tree, { kind: 'map' }>;

/** `file:line:column`, as far as it is known. */
export function place({ file, line, column }: Where): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** A tree as plain data, for schemas. Its objects have no prototype, so that no name means more than itself. */
export function plainOf(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plainOf);
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, { value }] of tree.entries) object[name] = plainOf(value);
  return object;
}

/** The place of what a path leads to, or of the nearest thing around it that is there. */
export function placeAt(tree: Tree, path: readonly PropertyKey[]): Where {
  const [first, ...rest] = path;
  if (first === undefined) return tree.at;
  if (tree.kind === 'list') {
    const item = tree.items[Number(first)];
    return item === undefined ? tree.at : placeAt(item, rest);
  }
  const entry = tree.kind === 'map' ? tree.entries.get(String(first)) : undefined;
  return entry === undefined ? tree.at : placeAt(entry.value, rest);
}

/** Words of a student in a message of ours: one printable, bounded line. */
export function shown(text: unknown): string {
  const line = JSON.stringify(text) ?? String(text);
  const printable = line.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?');
  return printable.length > 80 ? `${printable.slice(0, 79)}…` : printable;
}
