import { expect, test } from 'vitest';
import { command } from '../../../../src/probe/operations/command.ts';

test('only the tools of the image are run', () => {
  expect(() => command({ argv: ['sh' as 'ip', '-c', 'true'] })).toThrow("sh is not one of the probe's tools");
});
