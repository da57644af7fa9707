import type Docker from 'dockerode';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../../src/engine/docker.ts';
import { exerciseNames, loadExercise } from '../../../src/grade/exercise/load.ts';
import { proveOnEngine } from '../../../src/grade/proof-run.ts';
import { knownOf } from '../../support/submissions.ts';

/** All variants of all exercises take half an hour: `lab exercise test`, or this variable, proves them whole. */
const all = process.env['LAB_E2E_ALL_VARIANTS'] === '1';
/** One submission of these takes a quarter of a minute and more. */
const slow = ['whole-stack', 'alert-rules', 'balancing-with-health-checks', 'prometheus-scrape', 'restore-service'];

let docker: Docker;
beforeAll(async () => {
  docker = await connect();
});

describe.each(await exerciseNames())('%s', (name) => {
  test('scores known submissions as declared, and the solution twice the same', async () => {
    const chosen = await chosenOf(name);
    const proofs = await proveOnEngine(docker, await loadExercise(name), {
      emit: () => undefined,
      signal: AbortSignal.timeout(840_000),
      only: (one) => chosen.includes(one),
    });
    const wrong = proofs.filter(({ differences }) => differences.length > 0);
    expect(wrong.map((proof) => `${proof.name}: ${proof.differences.join('; ')}`)).toEqual([]);
    expect(proofs).toHaveLength(chosen.length);
  }, 900_000);
});

/** The solution, the starter and nothing at all; of the variants every one, or the first that are wrong and right. */
async function chosenOf(exercise: string): Promise<string[]> {
  const known = await knownOf(exercise);
  const base = known.filter(({ name }) => !name.startsWith('variants/'));
  const variants = known.filter(({ name }) => name.startsWith('variants/'));
  const wrong = variants.filter(({ declared }) => !declared.right);
  const right = variants.filter(({ declared }) => declared.right);
  const some = slow.includes(exercise) ? wrong.slice(0, 1) : [...wrong.slice(0, 2), ...right.slice(0, 1)];
  return [...base, ...(all ? variants : some)].map(({ name }) => name);
}
