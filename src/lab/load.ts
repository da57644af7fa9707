import { LineCounter, isMap, isNode, isPair, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import type { Problem, Where } from '../errors.ts';
import { inputError } from '../errors.ts';
import type { Lab } from './schema.ts';
import { labSchema } from './schema.ts';
import { problemsOf } from './consistency.ts';
import { nearestName } from './nearest-name.ts';

/** Larger than any lab; keeps a wrong file from being parsed for minutes. */
const sizeLimit = 256 * 1024;

/**
 * Reads a lab definition. All problems of the file are reported together, each with its place.
 * @param text the YAML text
 * @param file its name, for messages
 * @throws UserError `LAB_INVALID`
 */
export function readLab(text: string, file: string): Lab {
  if (text.length > sizeLimit) {
    const found = `${Math.round(text.length / 1024)} KiB`;
    throw inputError('LAB_INVALID', { message: 'the file is too large to be a lab', expected: 'at most 256 KiB', found, where: { file } });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false });
  const place = placer(document, lines, file);
  if (document.errors.length > 0) {
    throw inputError(
      'LAB_INVALID',
      document.errors.map((error) => ({
        message: firstLine(error.message),
        where: at(lines, error.pos[0], file),
        ...(error.code === 'DUPLICATE_KEY' ? { fix: 'name each one once' } : {}),
      })),
    );
  }
  const value = toValue(document, file);
  const parsed = labSchema.safeParse(value);
  if (!parsed.success) throw inputError('LAB_INVALID', parsed.error.issues.flatMap((issue) => describe(issue, value, place)));
  const problems = problemsOf(parsed.data).map(({ path, ...problem }) => ({ ...problem, where: place(path) }));
  if (problems.length > 0) throw inputError('LAB_INVALID', problems);
  return parsed.data;
}

type Path = readonly PropertyKey[];
type Place = (path: Path, key?: string) => Where;

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw inputError('LAB_INVALID', { message: 'the file’s aliases expand without end', where: { file } }, error);
  }
}

/** Finds the place of a path in the document, or of the nearest thing around it that is there. */
function placer(document: Document, lines: LineCounter, file: string): Place {
  return (path, key) => {
    const parts = path.map((part) => (typeof part === 'number' ? part : String(part)));
    if (key !== undefined) {
      const parent = parts.length === 0 ? document.contents : document.getIn(parts, true);
      if (isMap(parent)) {
        const pair = parent.items.find((item) => isPair(item) && String(item.key) === key);
        if (pair !== undefined && isNode(pair.key) && pair.key.range) return at(lines, pair.key.range[0], file);
      }
    }
    for (let length = parts.length; length > 0; length--) {
      const node = document.getIn(parts.slice(0, length), true);
      if (isNode(node) && node.range) return at(lines, node.range[0], file);
    }
    return { file, line: 1, column: 1 };
  };
}

function at(lines: LineCounter, offset: number, file: string): Where {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function describe(issue: z.core.$ZodIssue, root: unknown, place: Place): Problem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const nearest = nearestName(key, knownKeys(issue.path));
      return {
        message: `${path === '' ? '' : `${path}: `}unknown key "${key}"`,
        where: place(issue.path, key),
        ...(nearest === undefined ? {} : { fix: `did you mean "${nearest}"?` }),
      };
    });
  }
  const found = valueAt(root, issue.path);
  const options = 'values' in issue && Array.isArray(issue.values) ? issue.values.map(String) : discriminators(issue);
  const nearest = typeof found === 'string' ? nearestName(found, options) : undefined;
  return [
    {
      message: `${path === '' ? 'the file' : path}: ${found === undefined ? 'is missing' : 'is not valid'}`,
      expected: options.length > 0 ? options.join(', ') : issue.message.replace(/^Invalid (input: expected|string: )/, '').trim(),
      ...(found === undefined ? {} : { found: brief(found) }),
      where: place(issue.path),
      ...(nearest === undefined ? {} : { fix: `did you mean "${nearest}"?` }),
    },
  ];
}

function discriminators(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'invalid_union' || !('options' in issue) || !Array.isArray(issue.options)) return [];
  return issue.options.map(String);
}

function knownKeys(path: Path): string[] {
  if (path.length === 0) return Object.keys(labSchema.shape);
  const [section = ''] = path.map(String);
  const inner: Record<string, string[]> = {
    site: ['domain', 'aliases'],
    zones: ['router', 'about'],
    services: ['kind', 'zone', 'role', 'about'],
    tls: ['minimumVersion', 'hstsSeconds', 'certificateDays'],
    database: ['name', 'semisynchronous'],
    monitoring: ['scrapeIntervalSeconds', 'administrators'],
    limits: ['newConnectionsPerSecond', 'burst'],
    endpoints: ['to', 'hostPort'],
    flows: ['about', 'from', 'to'],
  };
  return inner[section] ?? [];
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}
