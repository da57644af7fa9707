import { readFile } from 'node:fs/promises';
import { inputError } from '../errors.ts';

const least = 16;

/**
 * The grader's key, from a file of at least 16 bytes; `openssl rand -hex 32 > FILE` makes one.
 * @throws UserError `KEY_UNREADABLE`, `KEY_SHORT`
 */
export async function readKey(file: string): Promise<Buffer> {
  const key = await readFile(file).catch((error: unknown) => {
    throw inputError(
      'KEY_UNREADABLE',
      { message: `cannot read the key ${file}`, fix: 'make one: openssl rand -hex 32 > FILE' },
      error,
    );
  });
  const trimmed = Buffer.from(key.toString('latin1').trim(), 'latin1');
  if (trimmed.length >= least) return trimmed;
  throw inputError('KEY_SHORT', {
    message: `the key ${file} is too short`,
    expected: `${least} bytes or more`,
    found: String(trimmed.length),
    fix: 'make one: openssl rand -hex 32 > FILE',
  });
}
