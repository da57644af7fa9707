/** One line of the bench's table. */
export interface Row {
  what: string;
  unit: string;
  bound: number;
  /** The median of `rounds`. */
  seen: number;
  held: boolean;
  rounds: number[];
}

/** A row whose figure must not be above (or, with `atLeast`, below) its bound. */
export function row(what: string, unit: string, bound: number, rounds: readonly number[], atLeast = false): Row {
  const rounded = rounds.map((value) => Number(value.toFixed(value < 10 ? 2 : 1)));
  const seen = Number(median(rounded).toFixed(2));
  return { what, unit, bound, seen, held: atLeast ? seen >= bound : seen <= bound, rounds: rounded };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Runs `work` `times` times, one after the other. */
export async function repeated<T>(times: number, work: (round: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < times; round++) results.push(await work(round));
  return results;
}
