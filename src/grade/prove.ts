import { randomBytes } from 'node:crypto';
import type { LoadedExercise } from './exercise/load.ts';
import type { Parameters } from './exercise/parameters.ts';
import type { GradeResult } from './result.ts';
import { verdictOf } from './result.ts';
import { knownSubmissions, type KnownSubmission } from './variants.ts';

/** What one known submission was found to score, against what it declares. */
export interface Proof {
  name: string;
  about: string;
  /** What differs from the declaration, in words; empty when all is as declared. */
  differences: string[];
  result: GradeResult;
}

/** The part of an exercise that proves it: its solution scores all, its starter next to nothing, its variants what they say. */
export async function proveExercise(
  exercise: LoadedExercise,
  parameters: Parameters,
  grade: (known: KnownSubmission, key: Buffer) => Promise<GradeResult>,
  options: { only?: (name: string) => boolean; onProof?: (proof: Proof) => void } = {},
): Promise<Proof[]> {
  const known = await knownSubmissions(exercise, parameters);
  const proofs: Proof[] = [];
  for (const one of known.filter(({ name }) => options.only?.(name) ?? true)) {
    const result = await grade(one, randomBytes(32));
    // Twice, since a score that depends on the moment is no score: once more for the solution, and for one variant in three.
    const again = one.name === 'solution' || proofs.length % 3 === 2 ? await grade(one, randomBytes(32)) : undefined;
    const proof = { name: one.name, about: one.declared.about, differences: differences(one, result, again), result };
    proofs.push(proof);
    options.onProof?.(proof);
  }
  return proofs;
}

function differences(known: KnownSubmission, result: GradeResult, again: GradeResult | undefined): string[] {
  const { declared, name } = known;
  const { percent } = result.summary;
  const found: string[] = [];
  if (result.outcome === 'not-measured') found.push('it could not be measured');
  const wrongScore = name === 'starter' ? percent > declared.percent : percent !== declared.percent;
  if (wrongScore)
    found.push(`scores ${percent} %, declared ${name === 'starter' ? 'at most ' : ''}${declared.percent} %`);
  if (name.startsWith('variants/')) {
    const failed = result.checks.filter(({ status }) => status === 'failed').map(({ id }) => id);
    const missing = declared.failed.filter((id) => !failed.includes(id));
    const more = failed.filter((id) => !declared.failed.includes(id));
    if (missing.length > 0) found.push(`did not fail: ${missing.join(', ')}`);
    if (more.length > 0) found.push(`failed and should not: ${more.join(', ')}`);
    const code = result.refusals[0]?.code;
    if (code !== declared.refused)
      found.push(`refused with ${code ?? 'nothing'}, declared ${declared.refused ?? 'nothing'}`);
  }
  if (again !== undefined && verdictOf(again) !== verdictOf(result)) found.push('graded twice, it scored differently');
  return found;
}
