import { readFile, readdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Where } from '../errors.ts';
import { inputError } from '../errors.ts';
import { installation } from '../installation.ts';
import { baseOf, layered } from '../lab/layers.ts';
import { labFrom } from '../lab/load.ts';
import { nearestName } from '../lab/nearest-name.ts';
import type { Lab } from '../lab/schema.ts';
import type { Source } from '../lab/source.ts';
import { readSource } from '../lab/source.ts';

/** The labs that come with this installation. */
export async function labNames(): Promise<string[]> {
  const entries = await readdir(installation.labs, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Reads a lab by its name, or from a `.yml` file of one's own, with what it extends.
 * @throws UserError `LAB_UNKNOWN`, `LAB_INVALID`
 */
export async function loadLab(nameOrFile: string): Promise<Lab> {
  return labFrom(await definition(nameOrFile, '.', []));
}

/**
 * A definition with all that it extends below it.
 * @param folder what a file's path is relative to
 * @param above the files that led to it
 * @param where the place that names it
 */
async function definition(wanted: string, folder: string, above: readonly string[], where?: Where): Promise<Source> {
  const file = isFile(wanted)
    ? join(isAbsolute(wanted) ? '' : folder, wanted)
    : join(installation.labs, wanted, 'lab.yml');
  const text = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR' && error.code !== 'EISDIR') throw error;
    throw await unknownLab(wanted, where, error);
  });
  const source = readSource(text, shown(file));
  const base = baseOf(source);
  if (base === undefined) return source;
  const chain = [...above, resolve(file)];
  if (above.includes(resolve(file))) throw circular(chain, where);
  const there = source.placeOf(['extends']);
  const below = await definition(base, dirname(file), chain, there);
  return layered(source, below);
}

function circular(chain: readonly string[], where: Where | undefined): Error {
  return inputError('LAB_INVALID', {
    message: 'extends: the lab extends itself',
    found: chain.map(shown).join(' → '),
    ...(where === undefined ? {} : { where }),
    fix: 'let one of them stand on its own',
  });
}

function isFile(nameOrFile: string): boolean {
  return nameOrFile.includes('/') || /\.ya?ml$/.test(nameOrFile);
}

async function unknownLab(wanted: string, where: Where | undefined, cause: unknown): Promise<Error> {
  const place = where === undefined ? {} : { where };
  if (isFile(wanted)) {
    const message = `there is no file ${wanted}`;
    return inputError('LAB_UNKNOWN', { message, expected: 'a lab definition (lab.yml)', ...place }, cause);
  }
  const names = await labNames();
  const nearest = nearestName(wanted, names);
  return inputError(
    'LAB_UNKNOWN',
    {
      message: `there is no lab "${wanted}"`,
      expected: names.join(', '),
      ...place,
      ...(nearest === undefined ? { fix: '`lab list labs` shows them all' } : { fix: `did you mean "${nearest}"?` }),
    },
    cause,
  );
}

function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}
