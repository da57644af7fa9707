import { LineCounter, isMap, isNode, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Problem, Where } from '../errors.ts';
import { tooDeep } from './nesting.ts';
import { aliasProblems, nameOf, structureProblems } from './structure.ts';

export type Path = readonly PropertyKey[];

/** A YAML text as a plain value, with the way back from each part of it to its place in the text. */
export interface Source {
  value: unknown;
  /** What is wrong with it as YAML; when `readable` is false its value means nothing. */
  problems: Problem[];
  readable: boolean;
  /** Finds the value at a path, or the nearest thing around it that is there. */
  placeOf(path: Path): Where;
  /** Finds the last key of a path, or the nearest thing around it that is there. */
  placeOfKey(path: Path): Where;
}

/** Many times any lab; keeps a wrong file from being read for minutes. */
const sizeLimit = 64 * 1024;
const mostAliases = 50;

/** Reads YAML text. @param file its name, for messages */
export function readSource(text: string, file: string): Source {
  const refused = refusal(text, file);
  if (refused !== undefined) return unreadable([refused], file);
  const lines = new LineCounter();
  const at = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  // Duplicate keys are looked for below: the library compares each key with each, and stops at the words "must be unique".
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, merge: false });
  if (document.errors.length > 0) {
    return unreadable(
      document.errors.map((error) => ({
        message: `not valid YAML: ${plain(error.message)}`,
        ...advice(error.code),
        where: at(error.pos[0]),
      })),
      file,
    );
  }
  const problems = [
    ...document.warnings.map((warning) => ({
      message: `not a lab: ${plain(warning.message)}`,
      where: at(warning.pos[0]),
      fix: 'leave the tag out',
    })),
    ...structureProblems(document, at),
  ];
  const aliases = aliasProblems(document, at);
  if (aliases.length > 0) return unreadable([...problems, ...aliases], file);
  return { ...located(document, at, file), ...plainValue(document, file, problems) };
}

function refusal(text: string, file: string): Problem | undefined {
  if (text.length > sizeLimit) {
    const found = `${Math.round(text.length / 1024)} KiB`;
    return {
      message: 'the file is too large to be a lab',
      expected: `at most ${sizeLimit / 1024} KiB`,
      found,
      where: { file },
    };
  }
  const wrong = text.indexOf('\uFFFD');
  if (wrong >= 0) {
    const before = text.slice(0, wrong).split('\n');
    const where = { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
    return {
      message: 'the file is not UTF-8 text',
      expected: 'a text file in UTF-8',
      where,
      fix: 'save it again as UTF-8',
    };
  }
  const deep = tooDeep(text);
  return deep && { message: 'the file is nested too deeply to be a lab', where: { file, ...deep } };
}

function unreadable(problems: Problem[], file: string): Source {
  const where = { file, line: 1, column: 1 };
  return { value: undefined, problems, readable: false, placeOf: () => where, placeOfKey: () => where };
}

function plainValue(
  document: Document,
  file: string,
  problems: Problem[],
): Pick<Source, 'value' | 'problems' | 'readable'> {
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }), problems, readable: true };
  } catch {
    const message = 'the file’s aliases multiply without end';
    return {
      value: undefined,
      problems: [...problems, { message, fix: 'write out what the aliases stand for', where: { file } }],
      readable: false,
    };
  }
}

function located(
  document: Document,
  at: (offset: number) => Where,
  file: string,
): Pick<Source, 'placeOf' | 'placeOfKey'> {
  const top =
    isNode(document.contents) && document.contents.range
      ? at(document.contents.range[0])
      : { file, line: 1, column: 1 };
  const placeOf = (path: Path): Where => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return top;
  };
  const keys = new Map<unknown, Map<string, Where>>();
  const placeOfKey = (path: Path): Where => {
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const known = keys.get(parent) ?? keyPlaces(parent, at);
    keys.set(parent, known);
    return known.get(String(path.at(-1))) ?? placeOf(path);
  };
  return { placeOf, placeOfKey };
}

function keyPlaces(map: unknown, at: (offset: number) => Where): Map<string, Where> {
  const places = new Map<string, Where>();
  for (const pair of isMap(map) ? map.items : []) {
    if (isNode(pair.key) && pair.key.range) places.set(nameOf(pair), at(pair.key.range[0]));
  }
  return places;
}

function advice(code: string): { fix?: string } {
  const fix: Record<string, string> = {
    TAB_AS_INDENT: 'indent with spaces',
    MULTIPLE_DOCS: 'keep one lab in a file, without a line ---',
    BLOCK_AS_IMPLICIT_KEY: 'put a text that contains ": " in quotes, and each key on a line of its own',
    BAD_INDENT: 'close what is opened with [ or {, and indent what belongs together alike',
  };
  return fix[code] === undefined ? {} : { fix: fix[code] };
}

/** The YAML library's words, without the place and the excerpt that it adds, and without its own API. */
function plain(message: string): string {
  const first = (message.split('\n', 1)[0] ?? '')
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/; please use .*/, '');
  return first.replace(/^Unresolved tag: (tag:yaml\.org,2002:)?!?/, 'unknown tag !');
}
