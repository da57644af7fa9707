import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { keysAt, meaningOf } from './known-keys.ts';
import { didYouMean } from './nearest-name.ts';
import type { Path, Source } from './source.ts';

type Issue = z.core.$ZodIssue;
type Located = Pick<Source, 'value' | 'placeOf' | 'placeOfKey'>;

/** What is wrong, in the words of `lab.yml` instead of the schema library's. */
export function explain(issue: Issue, source: Located): Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.flatMap((key) => unknownKey(issue.path, key, source));
  if (issue.code === 'invalid_key') {
    return [
      {
        message: `${dotted(issue.path)}: is not a name that can be used here`,
        expected: issue.issues.map((inner) => expectation(inner)).join('; '),
        where: source.placeOfKey(issue.path),
      },
    ];
  }
  const found = valueAt(source.value, issue.path);
  const expected = expectation(issue, issue.path, source.value);
  if (found === undefined) {
    const meaning = meaningOf(issue.path, source.value);
    const wanted = meaning === undefined ? expected : `${expected} (${meaning})`;
    return [{ message: `${dotted(issue.path)}: is missing`, expected: wanted, where: source.placeOf(issue.path) }];
  }
  return [
    {
      message: `${dotted(issue.path)}: ${found === null ? 'is empty' : 'is not valid'}`,
      expected,
      ...(found === null ? {} : { found: brief(found) }),
      where: found === null ? source.placeOfKey(issue.path) : source.placeOf(issue.path),
      ...(typeof found === 'string' ? didYouMean(found, optionsOf(issue)) : {}),
    },
  ];
}

function unknownKey(path: Path, key: string, source: Located): Problem[] {
  // Reported where the file is read, as a name that nothing can have.
  if (key === '__proto__') return [];
  const known = keysAt(path, source.value);
  return [
    {
      message: `${dotted([...path, key])}: there is no such key`,
      expected: known.join(', '),
      where: source.placeOfKey([...path, key]),
      ...didYouMean(key, known),
    },
  ];
}

function expectation(issue: Issue, path: Path = [], root: unknown = undefined): string {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the others carry our own words
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? sectionOf(keysAt(path, root));
    case 'invalid_value':
    case 'invalid_union':
      return optionsOf(issue).join(', ');
    case 'too_small':
      return `at least ${amount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `at most ${amount(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'email' ? 'a mail address such as admin@foobar.com' : issue.message;
    default:
      return issue.message;
  }
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
};

function sectionOf(keys: readonly string[]): string {
  return keys.length === 0 ? 'names, each with what belongs to it below it' : `the keys ${keys.join(', ')}`;
}

function amount(count: number | bigint, origin: string): string {
  const unit = { string: 'character', array: 'entry' }[origin];
  if (unit === undefined) return String(count);
  const plural = unit === 'entry' ? 'entries' : `${unit}s`;
  return `${count} ${Number(count) === 1 ? unit : plural}`;
}

function optionsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)
    ? issue.options.map(String)
    : [];
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (isOwn(value, key) ? Reflect.get(value, key) : undefined), root);
}

function isOwn(value: unknown, key: PropertyKey): value is object {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function dotted(path: Path): string {
  const names = path.filter((part) => typeof part !== 'number').map(String);
  return names.length === 0 ? 'the file' : names.join('.');
}

function brief(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
