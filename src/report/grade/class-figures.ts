import type { GradedCheck, GradeResult } from '../../grade/result.ts';

/** A bar of the histogram: percent from, up to and with. */
export interface Bar {
  from: number;
  to: number;
  count: number;
}

/** Those that have a score. */
export function scored(results: readonly GradeResult[]): GradeResult[] {
  return results.filter(({ outcome }) => outcome !== 'not-measured');
}

/** How many scores lie in each ten percent; all of the points, 100 %, is a bar of its own. */
export function histogram(results: readonly GradeResult[]): Bar[] {
  const percents = scored(results).map(({ summary }) => summary.percent);
  return Array.from({ length: 11 }, (_, index) => {
    const [from, to] = index === 10 ? [100, 100] : [index * 10, index * 10 + 9];
    return {
      from,
      to,
      count: percents.filter(
        (percent) => Math.min(100, Math.floor(percent)) >= from && Math.min(100, Math.floor(percent)) <= to,
      ).length,
    };
  });
}

/** The middle score in percent, or nothing where there is none. */
export function median(results: readonly GradeResult[]): number | undefined {
  const sorted = scored(results)
    .map(({ summary }) => summary.percent)
    .sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

export interface CheckFigures {
  id: string;
  title: string;
  failed: number;
  blocked: number;
  /** Of how many submissions it was a part. */
  of: number;
}

/** Every check with how often it failed, the one that fails most first. */
export function checkFigures(results: readonly GradeResult[]): CheckFigures[] {
  const figures = new Map<string, CheckFigures>();
  for (const { id, title, status } of results.flatMap(({ checks }) => checks)) {
    const one = figures.get(id) ?? { id, title, failed: 0, blocked: 0, of: 0 };
    one.of++;
    if (status === 'failed') one.failed++;
    if (status === 'blocked') one.blocked++;
    figures.set(id, one);
  }
  return [...figures.values()].sort((a, b) => b.failed - a.failed || b.blocked - a.blocked);
}

export interface Alike {
  /** What all of them fail. */
  failed: Pick<GradedCheck, 'id' | 'title'>[];
  results: GradeResult[];
}

/** Submissions that fail the same checks, two or more of them; the largest group first. */
export function alike(results: readonly GradeResult[]): Alike[] {
  const groups = new Map<string, Alike>();
  for (const result of results.filter(({ outcome }) => outcome === 'graded')) {
    const failed = result.checks
      .filter(({ status }) => status === 'failed')
      .map(({ id, title }) => ({ id, title }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    if (failed.length === 0) continue;
    const key = JSON.stringify(failed.map(({ id }) => id));
    const group = groups.get(key) ?? { failed, results: [] };
    group.results.push(result);
    groups.set(key, group);
  }
  return [...groups.values()]
    .filter((group) => group.results.length > 1)
    .sort((a, b) => b.results.length - a.results.length);
}
