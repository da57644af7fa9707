import type { Where } from '../errors.ts';
import type { Path, Source } from './source.ts';

/** The name or file of the lab that a definition builds on, as it stands in `extends`. */
export function baseOf({ value }: Source): string | undefined {
  const base = isObject(value) ? own(value, 'extends') : undefined;
  return typeof base === 'string' ? base : undefined;
}

/** What each lab says of itself. */
const itsOwn = ['extends', 'name', 'title'];

/**
 * A definition together with the one that it extends: sections are merged, what is written in both is taken from the upper one,
 * and `null` takes away what the lower one has (JSON Merge Patch, RFC 7396). A name and a title are not inherited. What is written in the upper one is found there,
 * everything else where it came from.
 */
export function layered(upper: Source, lower: Source): Source {
  const written = (path: Path): boolean => has(upper.value, path) || !has(lower.value, path);
  const place =
    (find: 'placeOf' | 'placeOfKey') =>
    (path: Path): Where =>
      (written(path) ? upper : lower)[find](path);
  return {
    value: merged(without(lower.value, itsOwn), upper.value),
    problems: [...upper.problems, ...lower.problems],
    readable: upper.readable && lower.readable,
    placeOf: place('placeOf'),
    placeOfKey: place('placeOfKey'),
  };
}

function merged(lower: unknown, upper: unknown): unknown {
  if (!isObject(upper)) return upper;
  const result = new Map<string, unknown>(isObject(lower) ? Object.entries(lower) : []);
  for (const [key, value] of Object.entries(upper)) {
    if (value === null) result.delete(key);
    else result.set(key, merged(result.get(key), value));
  }
  return Object.fromEntries(result);
}

function without(value: unknown, keys: readonly string[]): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !keys.includes(name))) : value;
}

function has(value: unknown, path: Path): boolean {
  let inner = value;
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return false;
    inner = Reflect.get(inner, key);
  }
  return true;
}

function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
