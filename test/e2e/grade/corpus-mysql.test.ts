import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../../src/engine/docker.ts';
import { loadExercise, type LoadedExercise } from '../../../src/grade/exercise/load.ts';
import { parametersFor } from '../../../src/grade/exercise/parameters.ts';
import { gradeOne } from '../../../src/grade/grade-one.ts';
import { graderImages } from '../../../src/grade/grader.ts';
import type { GradeResult } from '../../../src/grade/result.ts';
import { Stage } from '../../../src/grade/stage/stage.ts';
import { corpus, labelled } from '../../support/corpus.ts';

const known = labelled<{ notes: string[] }>('mysql_primary', 'mysql_replica');
/** Files with the same number are of one author. */
const numbers = known.flatMap(({ file }) => /^mysql_primary\/(.+)\.cnf$/.exec(file)?.[1] ?? []);

function notesOf(kind: 'primary' | 'replica', number: string): string[] {
  return known.find(({ file }) => file === `mysql_${kind}/${number}.cnf`)?.expect.notes ?? [];
}

/** What each note says of a server, as the checks that must fail for it, one of a list where either will do. */
const meaning: Record<string, string[]> = {
  not_a_cnf: ['accepted'],
  fatal_option_before_group: ['accepted'],
  removed_option_on_8_0_query_cache: ['accepted'],
  silently_ignored_group_with_leading_space: ['read'],
  newlines_lost_server_id_swallowed: ['accepted', 'server-id'],
  starts_but_unreachable_bind_127: ['reachable'],
  no_binlog_do_db: ['logs-nothing-else'],
  bind_127_harmless_for_replication: [],
  read_only_set: [],
  crlf: [],
};

function disagreements(kind: 'primary' | 'replica', notes: readonly string[], { checks }: GradeResult): string[] {
  const of = (status: string): string[] =>
    checks
      .filter((check) => check.status === status && check.id.startsWith(`${kind}.`))
      .map(({ id }) => id.slice(kind.length + 1));
  const failed = of('failed');
  const blocked = of('blocked');
  const wanted = notes.map((note) => meaning[note] ?? [`a meaning of ${note}`]).filter((any) => any.length > 0);
  const lacking = wanted.filter((any) => !any.some((id) => failed.includes(id) || blocked.includes(id)));
  const beyond = failed.filter((id) => !wanted.some((any) => any.includes(id)));
  return [...lacking.map((any) => `did not fail: ${any.join(' or ')}`), ...beyond.map((id) => `failed: ${id}`)];
}

describe.runIf(corpus !== undefined)('real configurations of a primary and its replica', () => {
  let docker: Docker;
  let exercise: LoadedExercise;
  let stage: Stage;
  const signal = new AbortController().signal;

  beforeAll(async () => {
    docker = await connect();
    exercise = await loadExercise('mysql-replication');
    const images = await graderImages(docker, exercise, { emit: () => undefined, signal });
    stage = await Stage.open({ docker, exercise, parameters: parametersFor(exercise, undefined, ''), images, signal });
  });
  afterAll(async () => {
    await stage.close();
  });

  test.each(numbers)('pair %s is graded as its notes say', async (number) => {
    const files = new Map(
      (['primary', 'replica'] as const).map((kind) => [
        `database/${kind}.cnf`,
        readFileSync(join(corpus ?? '', `mysql_${kind}`, `${number}.cnf`), 'utf8'),
      ]),
    );
    const result = await gradeOne({
      ...{ docker, exercise, stage, signal, student: number },
      submission: { name: number, files, notes: [] },
      parameters: parametersFor(exercise, undefined, number),
      key: Buffer.from('corpus'),
    });
    const words = result.checks
      .filter(({ status }) => status === 'failed')
      .map(({ id, observed }) => `${id}: ${observed}`);
    expect(
      {
        outcome: result.outcome,
        primary: disagreements('primary', notesOf('primary', number), result),
        replica: disagreements('replica', notesOf('replica', number), result),
      },
      words.join('\n'),
    ).toEqual({ outcome: 'graded', primary: [], replica: [] });
    const together = result.checks.find(({ id }) => id === 'replication.row-arrives');
    expect(together?.status, together?.observed).not.toBe('failed');
  });
});
