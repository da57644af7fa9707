import * as z from 'zod';
import { labSchema } from './schema.ts';

/** The lab schema for editors (JSON Schema 2020-12), as kept in `schema/lab.schema.json`. */
export function labJsonSchema(): object {
  const { required = [], ...schema } = z.toJSONSchema(labSchema, { io: 'input', target: 'draft-2020-12' });
  // A lab that extends another need not repeat what that one has.
  const own = ['name', 'title'];
  const inherited = required.filter((key) => !own.includes(key));
  return {
    $id: 'lab.schema.json',
    title: 'Lab',
    ...schema,
    required: own,
    anyOf: [{ required: ['extends'] }, { required: inherited }],
  };
}
