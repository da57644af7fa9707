import type { z } from 'zod';
import type { ServiceKind } from './schema.ts';

/** As much of a lab as can be told: what is missing or not valid is left out, names excepted. */
export interface LabDraft {
  /** A router that is null is written down, though not as one that can be. */
  zones?: Record<string, { router?: string | null | undefined }>;
  services?: Record<string, { kind?: ServiceKind; zone?: string; role?: string }>;
  sharedAddresses?: Record<string, { among?: (string | undefined)[] }>;
  tls?: { outside?: string; inside?: string };
  endpoints?: Record<string, { to?: string; hostPort?: number }>;
  flows?: Record<string, { from?: (string | undefined)[]; to?: (string | undefined)[] }>;
}

/**
 * What of a wrong lab is right, so that its names can be checked along with the schema's own findings.
 * A name stays known even where all that belongs to it is wrong.
 * @param root the value as read
 * @param issues all that the schema finds wrong with it
 */
export function draftOf(root: unknown, issues: readonly z.core.$ZodIssue[]): LabDraft {
  const broken = new Set(issues.filter(({ code }) => code !== 'unrecognized_keys').map(({ path }) => keyOf(path)));
  const right = sound(root, [], broken);
  return {
    ...section(right, 'zones', (entry) => ({
      router: text(entry, 'router') ?? (has(entry, 'router') ? null : undefined),
    })),
    ...section(right, 'services', (entry) =>
      only({
        kind: text(entry, 'kind') as ServiceKind | undefined,
        zone: text(entry, 'zone'),
        role: text(entry, 'role'),
      }),
    ),
    ...section(right, 'sharedAddresses', (entry) => only({ among: texts(entry, 'among') })),
    tls: only({ outside: text(get(right, 'tls'), 'outside'), inside: text(get(right, 'tls'), 'inside') }),
    ...section(right, 'endpoints', (entry) => only({ to: text(entry, 'to'), hostPort: number(entry, 'hostPort') })),
    ...section(right, 'flows', (entry) => only({ from: texts(entry, 'from'), to: texts(entry, 'to') })),
  };
}

/** A copy without the values that an issue stands at. A list keeps its length, since paths count its entries. */
function sound(value: unknown, path: readonly PropertyKey[], broken: ReadonlySet<string>): unknown {
  if (broken.has(keyOf(path))) return undefined;
  if (Array.isArray(value)) return value.map((entry, index) => sound(entry, [...path, index], broken));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, sound(entry, [...path, key], broken)]));
}

function section<K extends string, T>(
  root: unknown,
  name: K,
  pick: (entry: unknown) => T,
): Partial<Record<K, Record<string, T>>> {
  const entries = get(root, name);
  if (!isObject(entries)) return {};
  const picked = Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, pick(entry)]));
  return { [name]: picked } as Record<K, Record<string, T>>;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function only<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

function text(entry: unknown, key: string): string | undefined {
  const value = get(entry, key);
  return typeof value === 'string' ? value : undefined;
}

function number(entry: unknown, key: string): number | undefined {
  const value = get(entry, key);
  return typeof value === 'number' ? value : undefined;
}

function texts(entry: unknown, key: string): (string | undefined)[] | undefined {
  const value = get(entry, key);
  return Array.isArray(value) ? value.map((one: unknown) => (typeof one === 'string' ? one : undefined)) : undefined;
}

function get(value: unknown, key: string): unknown {
  return isObject(value) && has(value, key) ? Reflect.get(value, key) : undefined;
}

function has(value: unknown, key: string): boolean {
  return isObject(value) && Object.hasOwn(value, key);
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
