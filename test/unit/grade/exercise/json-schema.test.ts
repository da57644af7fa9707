import { expect, test } from 'vitest';
import { exerciseJsonSchema } from '../../../../src/grade/exercise/json-schema.ts';

test('schema/exercise.schema.json is current', async () => {
  // `npx vitest run test/unit/grade/exercise/json-schema.test.ts --update` writes it anew.
  const text = `${JSON.stringify(exerciseJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../../schema/exercise.schema.json');
});
