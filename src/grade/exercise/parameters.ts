import { createHmac } from 'node:crypto';
import { blockOf } from '../../plan/block.ts';
import type { Exercise } from './schema.ts';

/** The values of an exercise's parameters for one student, by name. */
export type Parameters = Readonly<Record<string, string>>;

/** HMAC-SHA256 of some words under a key, in hexadecimal (RFC 2104). The words cannot run into each other. */
export function derived(key: string | Buffer, ...words: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(words)).digest('hex');
}

/** Without a key everybody has the values that the exercise's files are written with. */
export function parametersFor(exercise: Exercise, key: Buffer | undefined, student: string): Parameters {
  return Object.fromEntries(
    Object.entries(exercise.parameters).map(([name, { kind, written }]) => [
      name,
      key === undefined ? written : own[kind](derived(key, exercise.name, student, name), written),
    ]),
  );
}

/** `example` is kept for examples (RFC 2606): no such site is anywhere. */
const own: Record<Exercise['parameters'][string]['kind'], (digest: string, written: string) => string> = {
  domain: (digest) => `www.s${digest.slice(0, 8)}.example`,
  block: (digest) => blockOf(parseInt(digest.slice(0, 4), 16)),
  word: (digest, written) => `${written}_${digest.slice(0, 6)}`,
  number: (digest, written) => String(Number(written) + (parseInt(digest.slice(0, 4), 16) % 40) + 1),
};

/** Puts a student's values in the place of those that a text is written with, the longest first. */
export function withParameters(text: string, exercise: Exercise, values: Parameters): string {
  const pairs = Object.entries(exercise.parameters)
    .flatMap(([name, { kind, written }]) => pairsOf(kind, written, values[name] ?? written))
    .filter(([from, to]) => from !== to)
    .sort(([a], [b]) => b.length - a.length);
  return pairs.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

/** An exercise whose checks speak to one student: of the values that are this student’s own. */
export function spokenTo<T extends Exercise>(exercise: T, values: Parameters): T {
  const own = (text: string): string => withParameters(text, exercise, values);
  const checks = exercise.checks.map((check) => ({
    ...check,
    expected: own(check.expected),
    reproduce: own(check.reproduce),
    hint: own(check.hint),
  }));
  return { ...exercise, checks };
}

/** A block stands in texts by the beginning of its addresses, a domain without its `www.` too. */
function pairsOf(kind: string, written: string, value: string): [string, string][] {
  if (kind === 'block') return [[prefixOf(written), prefixOf(value)]];
  if (kind !== 'domain') return [[written, value]];
  const bare = (domain: string): string => domain.replace(/^www\./, '');
  return [
    [written, value],
    [bare(written), bare(value)],
  ];
}

/** `10.77.0.` of `10.77.0.0/24`. */
export function prefixOf(block: string): string {
  return block.replace(/0\/24$/, '');
}

/** Files name the addresses that the exercise gave; a stage has others, as many run side by side. */
export function inBlock(text: string, { parameters }: Exercise, values: Parameters, block: string): string {
  const blocks = Object.entries(parameters).filter(([, { kind }]) => kind === 'block');
  return blocks.reduce(
    (result, [name, { written }]) => result.replaceAll(prefixOf(values[name] ?? written), prefixOf(block)),
    text,
  );
}
