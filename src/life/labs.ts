import { readFile, readdir } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { inputError } from '../errors.ts';
import { installation } from '../installation.ts';
import { readLab } from '../lab/load.ts';
import { nearestName } from '../lab/nearest-name.ts';
import type { Lab } from '../lab/schema.ts';

/** The labs that come with this installation. */
export async function labNames(): Promise<string[]> {
  const entries = await readdir(installation.labs, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

/**
 * Reads a lab by its name, or from a `.yml` file of one's own.
 * @throws UserError `LAB_UNKNOWN`, `LAB_INVALID`
 */
export async function loadLab(nameOrFile: string): Promise<Lab> {
  const file = isFile(nameOrFile) ? nameOrFile : join(installation.labs, nameOrFile, 'lab.yml');
  const text = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR' && error.code !== 'EISDIR') throw error;
    throw await unknownLab(nameOrFile, error);
  });
  return readLab(text, shown(file));
}

function isFile(nameOrFile: string): boolean {
  return nameOrFile.includes('/') || /\.ya?ml$/.test(nameOrFile);
}

async function unknownLab(wanted: string, cause: unknown): Promise<Error> {
  if (isFile(wanted)) return inputError('LAB_UNKNOWN', { message: `there is no file ${wanted}`, expected: 'a lab definition (lab.yml)' }, cause);
  const names = await labNames();
  const nearest = nearestName(wanted, names);
  return inputError(
    'LAB_UNKNOWN',
    {
      message: `there is no lab "${wanted}"`,
      expected: names.join(', '),
      ...(nearest === undefined ? { fix: '`lab list labs` shows them all' } : { fix: `did you mean "${nearest}"?` }),
    },
    cause,
  );
}

function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}
