import { afterEach } from 'vitest';
import type { UserError } from '../../src/errors.ts';
import { noColours } from '../../src/report/colours.ts';
import { errorText } from '../../src/report/errors.ts';

/** Of an error, vitest prints the message; what `lab` found, such as the last lines of a container, says what to look at. */
afterEach(({ task }) => {
  for (const error of (task.result?.errors ?? []) as (Error | UserError)[])
    if ('problems' in error) console.error(errorText(error, noColours));
});
