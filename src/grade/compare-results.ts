import { basename, dirname } from 'node:path';
import type { ReadResult } from './read-result.ts';
import { verdictOf, type GradeResult } from './result.ts';

/** A submission that two gradings do not agree about. */
export interface Difference {
  /** The student's folder in a class, or the student. */
  name: string;
  /** What differs, one line each. */
  lines: string[];
}

export interface ResultComparison {
  compared: number;
  differences: Difference[];
}

/** Compares two gradings: of a class by the students' folders, of one submission whatever its files are called. */
export function compareResults(first: readonly ReadResult[], second: readonly ReadResult[]): ResultComparison {
  const [one, other] = [first[0], second[0]];
  if (first.length === 1 && second.length === 1 && one !== undefined && other !== undefined) {
    const lines = differing(one.result, other.result);
    return { compared: 1, differences: lines.length === 0 ? [] : [{ name: one.result.student, lines }] };
  }
  const [left, right] = [byFolder(first), byFolder(second)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  const differences = names.map((name) => ({ name, lines: linesOf(left.get(name), right.get(name)) }));
  return { compared: names.length, differences: differences.filter(({ lines }) => lines.length > 0) };
}

function byFolder(results: readonly ReadResult[]): Map<string, GradeResult> {
  return new Map(results.map(({ file, result }) => [basename(dirname(file)), result]));
}

function linesOf(one: GradeResult | undefined, other: GradeResult | undefined): string[] {
  if (one === undefined) return ['only in the second'];
  return other === undefined ? ['only in the first'] : differing(one, other);
}

function differing(one: GradeResult, other: GradeResult): string[] {
  if (one.exercise !== other.exercise) return differs('exercise', one.exercise, other.exercise);
  if (verdictOf(one) === verdictOf(other)) return [];
  const lines = [
    ...differs('outcome', one.outcome, other.outcome),
    ...differs('points', `${one.summary.points}/${one.summary.of}`, `${other.summary.points}/${other.summary.of}`),
  ];
  const [left, right] = [checksOf(one), checksOf(other)];
  for (const id of new Set([...left.keys(), ...right.keys()]))
    lines.push(...differs(id, left.get(id) ?? 'not there', right.get(id) ?? 'not there'));
  // The same checks in another order, or one named twice.
  return lines.length === 0 ? ['checks are in another order'] : lines;
}

function differs(what: string, one: string, other: string): string[] {
  return one === other ? [] : [`${what}: ${one}, then ${other}`];
}

function checksOf({ checks }: GradeResult): Map<string, string> {
  return new Map(checks.map(({ id, status, earned, points }) => [id, `${status} ${earned}/${points}`]));
}
