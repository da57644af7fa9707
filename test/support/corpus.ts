import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { client } from '../../src/engine/docker.ts';
import { loadExercise } from '../../src/grade/exercise/load.ts';
import { parametersFor } from '../../src/grade/exercise/parameters.ts';
import { gradeOne } from '../../src/grade/grade-one.ts';
import { graderImages } from '../../src/grade/grader.ts';
import type { GradeResult } from '../../src/grade/result.ts';
import { openStage } from '../../src/grade/stage/open.ts';

/** A folder of files that students published, with what is known of each in `index.json`; they are no part of this project. */
export const corpus = process.env['LAB_CORPUS'];

/** What is known of each file of some kinds; nothing without a corpus. */
export function labelled<Expect>(...kinds: string[]): { file: string; kind: string; expect: Expect }[] {
  if (corpus === undefined) return [];
  const all = JSON.parse(readFileSync(join(corpus, 'index.json'), 'utf8')) as ReturnType<typeof labelled<Expect>>;
  return all.filter(({ kind }) => kinds.includes(kind));
}

/** Grades files of the corpus, each as a submission that holds it at `path`, one after the other. */
export async function gradeFiles(name: string, path: string, files: readonly string[]): Promise<GradeResult[]> {
  const docker = client();
  const { signal } = new AbortController();
  const exercise = await loadExercise(name);
  const images = await graderImages(docker, exercise, { emit: () => undefined, signal });
  const parameters = parametersFor(exercise, undefined, 'corpus');
  const stage = await openStage({ docker, exercise, parameters, images, signal });
  const key = randomBytes(32);
  try {
    const results: GradeResult[] = [];
    for (const file of files) {
      const text = readFileSync(join(corpus ?? '', file), 'utf8');
      const submission = { name: file, files: new Map([[path, text]]), notes: [] };
      results.push(await gradeOne({ docker, exercise, student: file, submission, stage, parameters, key, signal }));
    }
    return results;
  } finally {
    await stage.close();
  }
}

/** What a check of each result saw that neither passed nor was blocked, in one line. */
export function whatFailed(...results: readonly GradeResult[]): string {
  const failed = results.flatMap(({ checks }) =>
    checks.filter(({ status }) => !['passed', 'blocked'].includes(status)),
  );
  return failed.map(({ id, observed }) => `${id}: ${observed}`).join(' | ');
}
