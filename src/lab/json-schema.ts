import * as z from 'zod';
import { labSchema } from './schema.ts';

/** The lab schema for editors (JSON Schema 2020-12), as kept in `schema/lab.schema.json`. */
export function labJsonSchema(): object {
  return {
    $id: 'lab.schema.json',
    title: 'Lab',
    ...z.toJSONSchema(labSchema, { io: 'input', target: 'draft-2020-12' }),
  };
}
