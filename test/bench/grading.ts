import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdictOf, type GradeResult } from '../../src/grade/result.ts';
import { LabCommand } from '../support/lab.ts';
import { writeClass } from '../support/submissions.ts';
import { row, seconds, type Row } from './row.ts';

/** Exercises with single files, and how many submissions of each are graded: every known one in turn. */
const single: Record<string, number> = {
  'tls-termination': 24,
  'mysql-replication': 20,
  'server-firewall': 18,
  'prometheus-scrape': 18,
  'alert-rules': 40,
};

/** Submissions an hour, and whether order and `--jobs` change a score. */
export async function grading(say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [exercise, count] of Object.entries(single)) rows.push(await perHour(exercise, count, 400, say));
  rows.push(await perHour('whole-stack', 6, 120, say));
  rows.push(await repeatable('tls-termination', 30, say));
  return rows;
}

async function perHour(exercise: string, count: number, bound: number, say: (text: string) => void): Promise<Row> {
  return withClass(exercise, count, async ({ lab, work, students }) => {
    const took = await seconds(() => graded(lab, ...students, '-e', exercise, '--out', join(work, 'out')));
    say(`${exercise}: ${count} in ${took.toFixed(0)} s`);
    return row(`${exercise}: submissions an hour, start and end included`, '', bound, [(3600 * count) / took], true);
  });
}

async function repeatable(exercise: string, count: number, say: (text: string) => void): Promise<Row> {
  return withClass(exercise, count, async ({ lab, work, students }) => {
    const runs = [
      { jobs: '1', order: students },
      { jobs: '2', order: [...students].reverse() },
      { jobs: '3', order: [...students.slice(count / 2), ...students.slice(0, count / 2)] },
    ];
    const seen: Map<string, string>[] = [];
    for (const [index, { jobs, order }] of runs.entries()) {
      const out = join(work, `out-${index}`);
      await graded(lab, ...order, '-e', exercise, '--out', out, '--jobs', jobs);
      seen.push(await verdicts(join(out, 'students')));
      say(`${count} submissions with --jobs ${jobs}`);
    }
    const [first = new Map<string, string>(), ...others] = seen;
    const differing = others.flatMap((other) => [...first].filter(([name, verdict]) => other.get(name) !== verdict));
    return row(`${count} submissions three times, other order and --jobs: differing scores`, '', 0, [differing.length]);
  });
}

/** `lab grade`, of which some submissions pass and some do not. @throws when it did not get that far */
async function graded(lab: LabCommand, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await lab.run('grade', ...args);
  if (exitCode > 1 || exitCode < 0) throw new Error(`lab grade ended with ${exitCode}: ${stderr.slice(-2000)}`);
}

async function verdicts(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder);
  const read = async (name: string): Promise<[string, string]> => [
    name,
    verdictOf(JSON.parse(await readFile(join(folder, name, 'result.json'), 'utf8')) as GradeResult),
  ];
  return new Map(await Promise.all(names.map(read)));
}

interface Class {
  lab: LabCommand;
  work: string;
  students: string[];
}

async function withClass<T>(exercise: string, count: number, work: (made: Class) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-bench-'));
  const lab = await LabCommand.create();
  try {
    return await work({ lab, work: folder, students: await writeClass(join(folder, 'in'), exercise, count) });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(lab.home, { recursive: true, force: true });
  }
}
