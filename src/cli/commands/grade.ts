import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { exitCode, inputError } from '../../errors.ts';
import { studentId } from '../../grade/intake/student-ids.ts';
import type { ClassResult } from '../../grade/result.ts';
import { printable } from '../../printable.ts';
import { coloursFor } from '../../report/colours.ts';
import type { GradeFormat } from '../../report/grade/reporters.ts';
import { gradeFormats } from '../grade-formats.ts';
import { given, option } from '../options.ts';
import { write, writeJson } from '../output.ts';
import { withSession, type Session } from '../session.ts';

interface Flags {
  exercise: string;
  out?: string;
  jobs?: number;
  resume?: boolean;
  key?: string;
  student?: string;
  sign?: string;
  export?: boolean;
  reporter?: GradeFormat[];
  live?: boolean;
  project?: string;
  json?: boolean;
  yes?: boolean;
}

const everything: GradeFormat[] = ['terminal', 'junit', 'markdown', 'html', 'gradescope'];

export function define(command: Command): void {
  command
    .argument('[submission...]', 'Folders, archives (.zip, .tar, .tar.gz) or single files, one a student')
    .requiredOption('-e, --exercise <name>', 'Which; `lab list exercises` shows them')
    .option('-o, --out <dir>', 'Where results go: a folder a student, class.csv and index.html')
    .option('-j, --jobs <number>', 'How many at a time (default: what this machine bears, measured)', jobs)
    .option('--resume', 'Go on with a grading that was cut off; nobody is graded twice')
    .option('--export', 'The one submission is a learning platform’s export: it holds one for each student')
    .option('--key <file>', 'The grader’s key: every student has values of their own (see `lab new --key`)')
    .option('--student <id>', 'Whose it is, where there is one submission (default: its name)')
    .option('--sign <file>', 'Sign every result with this key (`lab results key` makes one)')
    .option('--live', 'Grade a running lab that was broken and has been repaired by hand')
    .addOption(option.project())
    .option(
      '--reporter <names>',
      'Formats, separated by commas: terminal, json, junit, markdown, html, gradescope',
      gradeFormats,
    )
    .addOption(option.yes())
    .addOption(option.json())
    .addHelpText(
      'after',
      `
A submission is taken as hostile: it is read without being unpacked, what it may hold is checked before anything runs, and it
runs in containers of its own without a way to this machine, to the internet or to another submission.

Examples:
  lab grade my-tls --exercise tls-termination
  lab grade submissions/* --exercise tls-termination --out results
  lab grade export.zip --export --exercise tls-termination --out results --resume
  lab break server-nginx-stopped, mend it, then: lab grade --live --exercise restore-service
  lab grade alice.zip --exercise tls-termination --key class.key --student alice --reporter markdown

Exit codes: 0 every submission passed, 1 one did not, 2 the input is wrong, 3 this machine cannot grade.`,
    )
    .action(async (submissions: string[], flags: Flags) => {
      checkUsage(submissions, flags);
      const resume = 'run the same `lab grade` again with --resume, it goes on from here';
      const hint = flags.out === undefined ? {} : { resume };
      await withSession(command, { yes: flags.yes === true, ...hint }, async (session) => {
        const graded =
          flags.live === true ? await gradeRunning(flags, session) : await gradeAll(submissions, flags, session);
        return () => say(graded, flags);
      });
    });
}

/** A running lab is a class of one. */
async function gradeRunning(flags: Flags, { signal }: Session): Promise<ClassResult> {
  const [{ loadExercise }, { gradeLive }] = await Promise.all([
    import('../../grade/exercise/load.ts'),
    import('../../grade/live.ts'),
  ]);
  const exercise = await loadExercise(flags.exercise);
  const student = flags.student ?? 'student';
  const result = await gradeLive({ exercise, project: flags.project, student, key: randomBytes(32), signal });
  const { lab, name, title } = exercise;
  const { gradedAt, durationMs } = result;
  return { version: 1, lab, exercise: name, title, startedAt: gradedAt, durationMs, jobs: 1, results: [result] };
}

async function gradeAll(submissions: string[], flags: Flags, session: Session): Promise<ClassResult> {
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
  if (out !== undefined) await writeAll(out, result, flags);
  return result;
}

async function writeAll(out: string, result: ClassResult, { reporter = everything, sign }: Flags): Promise<void> {
  const { writeClassReports, writeStudentReports } = await import('../grade-output.ts');
  for (const one of result.results) writeStudentReports(out, one, reporter);
  writeClassReports(out, result);
  if (sign === undefined) return;
  const [{ signResultFile }, { join }] = await Promise.all([
    import('../../grade/signed-results.ts'),
    import('node:path'),
  ]);
  for (const { student } of result.results) await signResultFile(join(out, 'students', student, 'result.json'), sign);
}

async function say(graded: ClassResult, { json, out, reporter = ['terminal'] }: Flags): Promise<void> {
  const { results } = graded;
  const [only, ...others] = results;
  if (json === true) writeJson(out === undefined && others.length === 0 ? only : graded);
  else if (out !== undefined) write(summary(graded, out));
  else {
    const { gradeReporters } = await import('../../report/grade/reporters.ts');
    const colour = coloursFor(process.stdout).isColorSupported;
    for (const format of reporter.slice(0, 1))
      write(results.map((result) => gradeReporters[format](result, { audience: 'student', colour })).join('\n'));
  }
  if (results.some(({ outcome }) => outcome === 'not-measured')) process.exitCode = exitCode.machine;
  else if (results.some(({ summary: { passed } }) => !passed)) process.exitCode = exitCode.failing;
}

function summary({ results, jobs, durationMs }: ClassResult, out: string): string {
  const count = (good: (outcome: ClassResult['results'][number]) => boolean): number => results.filter(good).length;
  const parts = [
    `${count(({ summary: { passed } }) => passed)} passed`,
    `${count(({ outcome, summary: { passed } }) => outcome === 'graded' && !passed)} did not`,
    `${count(({ outcome }) => outcome === 'refused')} refused`,
    `${count(({ outcome }) => outcome === 'not-measured')} could not be measured`,
  ].filter((part) => !part.startsWith('0 '));
  const seconds = Math.round(durationMs / 1000);
  return `${results.length} submissions: ${parts.join(', ')}; ${seconds} s, ${jobs} at a time\n  ${out}/index.html\n  ${out}/class.csv\n`;
}

function checkUsage(submissions: readonly string[], { out, resume, sign, student, live }: Flags): void {
  const wrong = (message: string, fix: string): Error => inputError('USAGE', { message, fix });
  if (live === true) {
    if (submissions.length > 0 || out !== undefined)
      throw wrong('--live grades what runs, and shows the result', 'leave submissions and --out out');
    return;
  }
  if (submissions.length === 0)
    throw wrong('there is nothing to grade', 'name folders, archives or files: lab grade DIR --exercise E');
  if (out === undefined && submissions.length > 1)
    throw wrong('many submissions need a place for their results', 'add --out DIR');
  if (out === undefined && (resume === true || sign !== undefined))
    throw wrong('--resume and --sign work on results that are kept', 'add --out DIR');
  if (student !== undefined && submissions.length > 1) throw wrong('--student names one of many', 'leave it out');
  // It names a folder, and may come from a platform that lets students choose it.
  if (student !== undefined && studentId(student, true) !== student)
    throw wrong(
      `--student ${printable(student.slice(0, 80))} is no id`,
      'use up to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
    );
}

function jobs(text: string): number {
  const number = Number(text);
  if (!/^\d{1,2}$/.test(text) || number < 1 || number > 16)
    throw new InvalidArgumentError('It must be a number from 1 to 16.');
  return number;
}
