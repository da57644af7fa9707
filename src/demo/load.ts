import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError } from '../errors.ts';
import { installation } from '../installation.ts';
import { didYouMean } from '../lab/nearest-name.ts';
import { readSource } from '../lab/source.ts';
import { demoSchema, type Demo } from './script.ts';

export interface NamedDemo extends Demo {
  name: string;
}

/** Where the demos of all labs lie: `labs/<name>/demos/<demo>.yml`. */
async function demoFiles(): Promise<Map<string, string>> {
  const labs = await readdir(installation.labs);
  const found = await Promise.all(
    labs.map(async (lab) => {
      const folder = join(installation.labs, lab, 'demos');
      const files = await readdir(folder).catch(() => []);
      return files
        .filter((file) => file.endsWith('.yml'))
        .map((file): [string, string] => [file.replace(/\.yml$/, ''), join(folder, file)]);
    }),
  );
  return new Map(found.flat().sort(([a], [b]) => a.localeCompare(b)));
}

export async function demoNames(): Promise<string[]> {
  return [...(await demoFiles()).keys()];
}

/** @throws UserError `DEMO_UNKNOWN`, `DEMO_INVALID` */
export async function loadDemo(name: string): Promise<NamedDemo> {
  const files = await demoFiles();
  const file = files.get(name);
  if (file === undefined) {
    const names = [...files.keys()];
    throw inputError('DEMO_UNKNOWN', {
      message: `there is no demo "${name}"`,
      expected: names.join(', '),
      ...didYouMean(name, names),
    });
  }
  return { name, ...readDemo(await readFile(file, 'utf8'), file) };
}

/** @throws UserError `DEMO_INVALID` */
export function readDemo(text: string, file: string): Demo {
  const source = readSource(text, file);
  const parsed = source.readable ? demoSchema.safeParse(source.value) : undefined;
  if (parsed?.success === true && source.problems.length === 0) return parsed.data;
  const issues = (parsed?.error?.issues ?? []).map(({ path, message }) => ({
    message: `${path.join('.')}: ${message}`,
    where: source.placeOf(path),
  }));
  throw inputError('DEMO_INVALID', [...source.problems, ...issues]);
}
