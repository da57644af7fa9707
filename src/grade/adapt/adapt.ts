import { inputError } from '../../errors.ts';
import type { Adapted, Surroundings } from '../submission.ts';
import { adaptations } from './all.ts';

/**
 * Applies adaptations to one file, one after the other. Line numbers in notes are those of the student's file, as lines are neither added
 * nor taken away.
 * @throws UserError ADAPTATION_UNKNOWN
 */
export function adapt(text: string, names: readonly string[], surroundings: Surroundings): Adapted {
  const notes: string[] = [];
  let adapted = text;
  for (const name of names) {
    const adaptation = adaptations.get(name);
    if (adaptation === undefined) {
      throw inputError('ADAPTATION_UNKNOWN', {
        message: `There is no adaptation ${JSON.stringify(name)}.`,
        expected: [...adaptations.keys()].join(', '),
        found: name,
        fix: 'Name only these under adaptations in exercise.yml.',
      });
    }
    const result = adaptation(adapted, surroundings);
    adapted = result.text;
    notes.push(...result.notes);
  }
  return { text: adapted, notes };
}
