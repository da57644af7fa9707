import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { client } from '../../../src/engine/docker.ts';
import { loadExercise } from '../../../src/grade/exercise/load.ts';
import { parametersFor } from '../../../src/grade/exercise/parameters.ts';
import { gradeOne } from '../../../src/grade/grade-one.ts';
import { graderImages } from '../../../src/grade/grader.ts';
import type { GradeResult } from '../../../src/grade/result.ts';
import { Stage } from '../../../src/grade/stage/stage.ts';

/** Files that students published, with what was found when each was run elsewhere; they are no part of this project. */
const corpus = process.env['LAB_CORPUS'];

interface Labelled {
  file: string;
  kind: string;
  expect: {
    parses_cert_reqadd_lf_hosts: boolean;
    https_both_backends?: boolean;
    http_redirects_all?: boolean;
    http_301_all?: boolean;
    backend_sees_proto?: string | null;
    survives_web02_down?: boolean | null;
  };
}

describe.runIf(corpus !== undefined)('real configurations of HAProxy', () => {
  it('are judged as when they were run elsewhere', { timeout: 1_800_000 }, async () => {
    const labelled = labels().filter(({ kind }) => kind.startsWith('haproxy_'));
    const tls = await gradeAll('tls-termination', labelled);
    const redirect = await gradeAll('redirect-and-headers', labelled);
    const differences = labelled.flatMap((one, index) =>
      differencesOf(one, tls[index] as GradeResult, redirect[index] as GradeResult),
    );
    expect(labelled.length).toBeGreaterThan(0);
    expect(differences).toEqual([]);
  });
});

function labels(): Labelled[] {
  return JSON.parse(readFileSync(join(corpus ?? '', 'index.json'), 'utf8')) as Labelled[];
}

async function gradeAll(name: string, labelled: readonly Labelled[]): Promise<GradeResult[]> {
  const docker = client();
  const { signal } = new AbortController();
  const exercise = await loadExercise(name);
  const images = await graderImages(docker, exercise, { emit: () => undefined, signal });
  const parameters = parametersFor(exercise, undefined, 'corpus');
  const stage = await Stage.open({ docker, exercise, parameters, images, signal });
  const key = randomBytes(32);
  try {
    const results: GradeResult[] = [];
    for (const { file } of labelled) {
      const files = new Map([['balancer/haproxy.cfg', readFileSync(join(corpus ?? '', file), 'utf8')]]);
      const submission = { name: file, files, notes: [] };
      results.push(await gradeOne({ docker, exercise, student: file, submission, stage, parameters, key, signal }));
    }
    return results;
  } finally {
    await stage.close();
  }
}

function differencesOf({ file, expect: label }: Labelled, tls: GradeResult, redirect: GradeResult): string[] {
  const rows: [string, boolean | null | undefined, boolean][] = [
    ['accepted', label.parses_cert_reqadd_lf_hosts, passed(tls, 'balancer.accepted')],
    ['both servers over HTTPS', label.https_both_backends, passed(tls, 'tls.answers') && passed(tls, 'balancing.both')],
    ['tells the protocol', seesProtocol(label.backend_sees_proto), passed(tls, 'balancing.tells-protocol')],
    ['survives', label.survives_web02_down, passed(tls, 'balancing.survives')],
    ['redirects', label.http_redirects_all, passed(redirect, 'redirect.always')],
    ['redirects with 301', label.http_301_all, passed(redirect, 'redirect.permanent')],
  ];
  return rows
    .filter(([, wanted, seen]) => wanted !== undefined && wanted !== null && wanted !== seen)
    .map(([what, wanted, seen]) => `${file}: ${what}: labelled ${wanted}, graded ${seen}: ${words(tls, redirect)}`);
}

/** A list of what the servers were told, or that there was nothing. */
function seesProtocol(told: string | null | undefined): boolean | null | undefined {
  return typeof told === 'string' ? told === "['https']" : told;
}

function passed({ checks }: GradeResult, id: string): boolean {
  return checks.find((check) => check.id === id)?.status === 'passed';
}

function words(...results: readonly GradeResult[]): string {
  const failed = results.flatMap(({ checks }) =>
    checks.filter(({ status }) => !['passed', 'blocked'].includes(status)),
  );
  return failed.map(({ id, observed }) => `${id}: ${observed}`).join(' | ');
}
