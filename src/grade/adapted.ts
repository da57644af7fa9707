import { servicesOf } from '../checks/services.ts';
import { adapt } from './adapt/adapt.ts';
import { inBlock, type Parameters } from './exercise/parameters.ts';
import type { Exercise } from './exercise/schema.ts';
import type { Ground } from './stage/ground.ts';
import type { Submission, Surroundings } from './submission.ts';

/** A submission's files as they are graded: what was written for another machine fits this stage, and each change is a note. */
export function adapted(
  submission: Submission,
  exercise: Exercise,
  stage: Ground,
  parameters: Parameters,
): { files: Map<string, string>; notes: string[] } {
  const notes: string[] = [];
  const surroundings = surroundingsOf(stage);
  const files = new Map<string, string>();
  for (const [path, original] of submission.files) {
    const done = adapt(original, exercise.adaptations, surroundings);
    notes.push(...done.notes.map((note) => `${path}: ${note}`));
    const text = inBlock(done.text, exercise, parameters, stage.block);
    if (text !== done.text)
      notes.push(`${path}: its addresses are read as those of ${stage.block}, where it is graded`);
    files.set(path, text);
  }
  return { files, notes };
}

function surroundingsOf({ plan, played }: Ground): Surroundings {
  return {
    certificate: '/run/secrets/site.pem',
    servers: servicesOf(played, 'web').map(({ name, address }) => ({ name, address, port: 80 })),
    domain: plan.lab.site.domain,
  };
}
