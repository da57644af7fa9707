import { afterEach } from 'vitest';
import type { UserError } from '../../src/errors.ts';

/** Of an error, vitest prints the message; what `lab` found, such as the last lines of a container, says what to look at. */
afterEach(({ task }) => {
  for (const { problems } of (task.result?.errors ?? []) as Partial<UserError>[])
    for (const { message, found } of problems ?? []) if (found !== undefined) console.error(`${message}\n${found}`);
});
