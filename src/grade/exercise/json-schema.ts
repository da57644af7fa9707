import * as z from 'zod';
import { exerciseSchema } from './schema.ts';

/** The schema of `exercise.yml` for editors (JSON Schema 2020-12), as kept in `schema/exercise.schema.json`. */
export function exerciseJsonSchema(): object {
  return {
    $id: 'exercise.schema.json',
    title: 'Exercise',
    ...z.toJSONSchema(exerciseSchema, { io: 'input', target: 'draft-2020-12' }),
  };
}
