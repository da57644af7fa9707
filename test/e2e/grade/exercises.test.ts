import type Docker from 'dockerode';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../../src/engine/docker.ts';
import { exerciseNames, loadExercise } from '../../../src/grade/exercise/load.ts';
import { proveOnEngine } from '../../../src/grade/proof-run.ts';

let docker: Docker;
beforeAll(async () => {
  docker = await connect();
});

const names = await exerciseNames();

describe.each(names)('%s', (name) => {
  test('scores its solution, its starter, nothing and every variant as declared, and twice the same', async () => {
    const proofs = await proveOnEngine(docker, await loadExercise(name), {
      emit: () => undefined,
      signal: AbortSignal.timeout(840_000),
    });
    const wrong = proofs.filter(({ differences }) => differences.length > 0);
    expect(wrong.map((proof) => `${proof.name}: ${proof.differences.join('; ')}`)).toEqual([]);
  }, 900_000);
});
