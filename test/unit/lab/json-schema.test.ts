import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { labJsonSchema } from '../../../src/lab/json-schema.ts';

test('schema/lab.schema.json is current', async () => {
  // `npx vitest run test/unit/lab/json-schema.test.ts --update` writes it anew.
  await expect(`${JSON.stringify(labJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../../schema/lab.schema.json');
});

test('the reference lab names the schema in its first line', async () => {
  const text = await readFile('labs/secured-monitored/lab.yml', 'utf8');
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../schema/lab.schema.json');
});
