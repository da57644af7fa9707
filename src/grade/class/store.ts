import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inputError } from '../../errors.ts';
import type { GradeResult } from '../result.ts';

/** Below a class's folder: one folder a student. */
export const studentsFolder = 'students';

/** What a class's folder says of itself, so that `--resume` never mixes two gradings. */
interface Header {
  version: 1;
  lab: string;
  exercise: string;
  startedAt: string;
  /** SHA-256 of the grader's key, when there is one. */
  key: string | null;
}

/** A class's results on disk: one `result.json` a student, each written whole or not at all. */
export class ResultStore {
  readonly folder: string;
  readonly #header: Header;

  private constructor(folder: string, header: Header) {
    this.folder = folder;
    this.#header = header;
  }

  /**
   * @param resume goes on with what is there; otherwise the folder must hold no results
   * @throws UserError `RESULTS_PRESENT`, `RESULTS_OTHER`
   */
  static open(folder: string, wanted: Omit<Header, 'version' | 'startedAt'>, resume: boolean): ResultStore {
    const place = join(folder, 'grading.json');
    const before = existsSync(place) ? (JSON.parse(readFileSync(place, 'utf8')) as Header) : undefined;
    if (before !== undefined && !resume) {
      throw inputError('RESULTS_PRESENT', {
        message: `${folder} holds the results of a grading`,
        fix: 'go on with it (--resume), or choose another folder (--out)',
      });
    }
    if (
      before !== undefined &&
      (before.exercise !== wanted.exercise || before.lab !== wanted.lab || before.key !== wanted.key)
    ) {
      throw inputError('RESULTS_OTHER', {
        message: `${folder} holds the results of another grading`,
        expected: `exercise ${wanted.exercise}, with the same key`,
        found: `exercise ${before.exercise}${before.key === wanted.key ? '' : ', with another key'}`,
        fix: 'choose another folder (--out)',
      });
    }
    const header = before ?? { version: 1, ...wanted, startedAt: new Date().toISOString() };
    replaceWhole(place, `${JSON.stringify(header, null, 2)}\n`);
    return new ResultStore(folder, header);
  }

  get startedAt(): string {
    return this.#header.startedAt;
  }

  /** A student's result; one that was not measured does not count, nor does that of other files. */
  finished(student: string, digest: string): GradeResult | undefined {
    const place = this.placeOf(student, 'result.json');
    if (!existsSync(place)) return undefined;
    try {
      const result = JSON.parse(readFileSync(place, 'utf8')) as GradeResult;
      return result.outcome !== 'not-measured' && result.submission.digest === digest ? result : undefined;
    } catch {
      return undefined;
    }
  }

  save(result: GradeResult): void {
    this.write(result.student, 'result.json', `${JSON.stringify(result, null, 2)}\n`);
  }

  write(student: string, name: string, text: string): void {
    replaceWhole(this.placeOf(student, name), text);
  }

  placeOf(student: string, name: string): string {
    return join(this.folder, studentsFolder, student, name);
  }
}

export function replaceWhole(place: string, text: string): void {
  mkdirSync(dirname(place), { recursive: true });
  const fresh = `${place}.${process.pid}.new`;
  try {
    writeFileSync(fresh, text);
    renameSync(fresh, place);
  } finally {
    rmSync(fresh, { force: true });
  }
}
