import { labJsonSchema } from './json-schema.ts';
import type { Path } from './source.ts';

/** As much of JSON Schema as the lab's own uses. */
interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  const?: unknown;
}

let labSchemaOnce: Schema | undefined;

/**
 * The keys that may stand at a path of `lab.yml`, none where people choose the names. Where the schema
 * offers several kinds, the value at the path says which.
 */
export function keysAt(path: Path, root: unknown): string[] {
  const kinds = schemasAt(path, root);
  return [...new Set(kinds.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

/** What the schema says that the value at a path is for. */
export function meaningOf(path: Path, root: unknown): string | undefined {
  const [schema] = schemasAt(path, root);
  return schema?.description?.replace(/\.$/, '');
}

function schemasAt(path: Path, root: unknown): Schema[] {
  // Making it takes some 10 ms, and a wrong file may ask for it thousands of times.
  labSchemaOnce ??= labJsonSchema();
  let schemas: Schema[] = [labSchemaOnce];
  let value = root;
  for (const key of path) {
    const inner = schemas.map((schema) => (typeof key === 'number' ? schema.items : below(schema, String(key))));
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
    schemas = inner.flatMap((schema) => (schema === undefined ? [] : kindsOf(schema, value)));
  }
  return schemas;
}

function kindsOf(schema: Schema, value: unknown): Schema[] {
  const kinds = schema.oneOf ?? [schema];
  const own = kinds.filter((kind) => kind.properties?.['kind']?.const === kindOf(value));
  return own.length > 0 ? own : kinds;
}

function below(schema: Schema, key: string): Schema | undefined {
  const named = schema.properties;
  if (named !== undefined && Object.hasOwn(named, key)) return named[key];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}
