import type { Emit } from '../../events.ts';
import type { GradeResult } from '../result.ts';

/** What a class's grading says while it goes on: who is graded, the scores, and how long the rest may take. */
export class Progress {
  readonly #emit: Emit;
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #graded = 0;

  constructor(emit: Emit, total: number) {
    this.#emit = emit;
    this.#total = total;
    if (total > 1) emit({ type: 'step-started', step: ['class'], title: `Grading ${total} submissions` });
  }

  before(student: string): void {
    this.#emit({ type: 'step-skipped', step: ['grade', student], reason: `${student} was graded before` });
    this.#count();
  }

  started(student: string): void {
    this.#emit({ type: 'step-started', step: ['grade', student], title: student });
  }

  done(result: GradeResult): void {
    const { student, outcome, summary } = result;
    const step = ['grade', student];
    this.#graded += 1;
    if (outcome === 'graded')
      this.#emit({ type: 'step-done', step, detail: `${summary.points} of ${summary.of} points` });
    else
      this.#emit({
        type: 'step-failed',
        step,
        detail: outcome === 'refused' ? `refused: ${result.refusals[0]?.message ?? ''}` : 'could not be measured',
      });
    this.#count();
  }

  #count(): void {
    this.#done += 1;
    if (this.#total <= 1) return;
    const left = this.#total - this.#done;
    if (left === 0) return this.#emit({ type: 'step-done', step: ['class'], detail: `${this.#total} graded` });
    const each = (performance.now() - this.#started) / Math.max(1, this.#graded);
    const rest = this.#graded === 0 ? '' : `, about ${roughly((left * each) / 1000)} left`;
    this.#emit({ type: 'step-progress', step: ['class'], detail: `${this.#done} of ${this.#total}${rest}` });
  }
}

function roughly(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
