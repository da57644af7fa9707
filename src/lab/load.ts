import type { Problem } from '../errors.ts';
import { inputError } from '../errors.ts';
import { problemsOf } from './consistency.ts';
import { draftOf } from './draft.ts';
import { explain } from './explain.ts';
import type { Lab } from './schema.ts';
import { labSchema } from './schema.ts';
import type { Source } from './source.ts';
import { readSource } from './source.ts';

/**
 * Reads a lab definition. All problems of the file are reported together, in the order in which they
 * stand in it.
 * @param text the YAML text
 * @param file its name, for messages
 * @throws UserError `LAB_INVALID`
 */
export function readLab(text: string, file: string): Lab {
  return labFrom(readSource(text, file));
}

/** The lab of a definition that has been read, together with what it extends. @throws UserError `LAB_INVALID` */
export function labFrom(source: Source): Lab {
  if (!source.readable) throw inputError('LAB_INVALID', source.problems);
  if (typeof source.value !== 'object' || source.value === null || Array.isArray(source.value)) {
    throw inputError('LAB_INVALID', [...source.problems, notALab(source)]);
  }
  const parsed = labSchema.safeParse(source.value);
  const issues = parsed.error?.issues ?? [];
  const inconsistent = problemsOf(parsed.data ?? draftOf(source.value, issues));
  const problems = [
    ...source.problems,
    ...issues.flatMap((issue) => explain(issue, source)),
    ...inconsistent.map(({ path, ...problem }) => ({ ...problem, where: source.placeOf(path) })),
  ];
  if (parsed.data === undefined || problems.length > 0) throw inputError('LAB_INVALID', problems.sort(byPlace));
  return parsed.data;
}

function notALab({ value, placeOf }: Source): Problem {
  const empty = value === null;
  return {
    message: empty ? 'the file is empty' : 'the file is not a lab',
    expected: 'name, title, site, zones, services and flows, as in labs/secured-monitored/lab.yml',
    ...(empty ? {} : { found: Array.isArray(value) ? 'a list' : 'a single value' }),
    where: placeOf([]),
  };
}

function byPlace({ where: a }: Problem, { where: b }: Problem): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
