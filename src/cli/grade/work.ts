import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { inputError } from '../../errors.ts';
import type { ClassResult } from '../../grade/result.ts';
import { given } from '../options.ts';
import type { Session } from '../session.ts';
import type { GradeFlags } from './flags.ts';

/** A running lab is a class of one. */
export async function gradeRunning(flags: GradeFlags, { signal, emit }: Session): Promise<ClassResult> {
  const [{ loadExercise }, { gradeLive }] = await Promise.all([
    import('../../grade/exercise/load.ts'),
    import('../../grade/live.ts'),
  ]);
  const exercise = await loadExercise(flags.exercise);
  const student = flags.student ?? 'student';
  const result = await gradeLive({ exercise, project: flags.project, student, key: randomBytes(32), emit, signal });
  const { lab, name, title } = exercise;
  const { gradedAt, durationMs } = result;
  return { version: 1, lab, exercise: name, title, startedAt: gradedAt, durationMs, jobs: 1, results: [result] };
}

/** Submissions, all with their results kept where `--out` says. */
export async function gradeAll(submissions: string[], flags: GradeFlags, session: Session): Promise<ClassResult> {
  const [
    { engineReady },
    { loadExercise },
    { openSubmission },
    { studentsOf },
    { gradeClass },
    { ResultStore },
    { readKey },
  ] = await Promise.all([
    import('../../engine/setup/ready.ts'),
    import('../../grade/exercise/load.ts'),
    import('../../grade/intake/intake.ts'),
    import('../../grade/intake/students.ts'),
    import('../../grade/class/grade-class.ts'),
    import('../../grade/class/store.ts'),
    import('../../grade/key.ts'),
  ]);
  const exercise = await loadExercise(flags.exercise);
  const missing = submissions.filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw inputError(
      'SUBMISSION_MISSING',
      missing.map((path) => ({ message: `there is no ${path}` })),
    );
  const key = flags.key === undefined ? undefined : await readKey(flags.key);
  const { students, notes } = await studentsOf(submissions, { export: flags.export === true });
  for (const text of notes) session.emit({ type: 'note', text });
  const { out } = flags;
  const digest = key === undefined ? null : createHash('sha256').update(key).digest('hex');
  const header = { lab: exercise.lab, exercise: exercise.name, key: digest };
  const store = out === undefined ? undefined : ResultStore.open(out, header, flags.resume === true);
  const docker = await engineReady(session);
  const result = await gradeClass({
    docker,
    exercise,
    key,
    freshKey: key ?? randomBytes(32),
    ...given('jobs', flags.jobs),
    ...given('store', store),
    entries: students.map(({ student, name, source }) => ({
      student: students.length === 1 ? (flags.student ?? student) : student,
      name,
      open: () => openSubmission(source, exercise),
    })),
    emit: session.emit,
    signal: session.signal,
  });
  if (out !== undefined) await (await import('./output.ts')).writeAll(out, result, flags);
  return result;
}
