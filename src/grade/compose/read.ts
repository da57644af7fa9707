import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import type { Where } from '../../errors.ts';
import { tooDeep } from '../../lab/nesting.ts';
import type { Findings } from './findings.ts';
import type { Entry, Tree } from './tree.ts';
import { shown } from './tree.ts';

const mostBytes = 256 * 1024;
const mostAliases = 20;
const deepest = 20;
/** Of a document with its aliases written out. A whole stack has some two thousand. */
const mostNodes = 20_000;

/** Reads a student's YAML. Everything that is unusual in it is refused; `undefined` then. */
export function readTree(text: string, file: string, findings: Findings): Tree | undefined {
  const refused = findings.refusals.length;
  const tree = read(text, file, findings);
  return findings.refusals.length > refused ? undefined : tree;
}

function read(text: string, file: string, findings: Findings): Tree | undefined {
  const top = { file, line: 1, column: 1 };
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) {
    findings.refuse(
      'COMPOSE_TOO_LARGE',
      { file },
      `${Math.ceil(bytes / 1024)} KiB; at most ${mostBytes / 1024} KiB are read`,
    );
    return undefined;
  }
  const deep = tooDeep(text);
  if (deep !== undefined) {
    findings.refuse('COMPOSE_TOO_DEEP', { file, ...deep }, 'nested more deeply than any project needs');
    return undefined;
  }
  const directive = /^%/m.exec(text);
  const lines = new LineCounter();
  const at = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  // Duplicate keys and merges are this module's own: the library compares each key with each, and copies without counting.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    merge: false,
    version: '1.2',
    schema: 'core',
    // Silent, it would take the first of several documents without a word.
    logLevel: 'error',
  });
  if (directive !== null) {
    findings.refuse(
      'COMPOSE_YAML',
      at(directive.index),
      'directives such as %YAML or %TAG are not read; leave the line out',
    );
    return undefined;
  }
  for (const error of [...document.errors, ...document.warnings]) {
    const message = (error.message.split('\n', 1)[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
    findings.refuse('COMPOSE_YAML', at(error.pos[0]), `not one plain YAML document: ${shown(message).slice(1, -1)}`);
  }
  if (document.errors.length > 0) return undefined;
  if (!known(document, at, findings)) return undefined;
  if (document.contents === null) {
    findings.refuse('COMPOSE_YAML', top, 'the file is empty');
    return undefined;
  }
  return new Walk(document, at, findings).tree(document.contents as Node, top, 0);
}

/** Looks over a document before anything in it is followed: few aliases, each to something above it, no tags. */
function known(document: Document, at: (offset: number) => Where, findings: Findings): boolean {
  let aliases = 0;
  let fine = true;
  const refuse = (code: string, node: Node, message: string): void => {
    fine = false;
    findings.refuse(code, at(node.range?.[0] ?? 0), message);
  };
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        if (++aliases === mostAliases + 1)
          refuse('COMPOSE_ALIASES', node, `more than ${mostAliases} aliases; write out what they stand for`);
        return aliases > mostAliases ? visit.BREAK : undefined;
      }
      if (node.tag !== undefined) refuse('COMPOSE_TAG', node, `the tag ${shown(node.tag)} is not read; leave it out`);
      return undefined;
    },
  });
  return fine;
}

/** Follows a document's aliases and merges, with an eye on how much it becomes. */
class Walk {
  readonly #document: Document;
  readonly #at: (offset: number) => Where;
  readonly #findings: Findings;
  readonly #within = new Set<Node>();
  #nodes = 0;

  constructor(document: Document, at: (offset: number) => Where, findings: Findings) {
    this.#document = document;
    this.#at = at;
    this.#findings = findings;
  }

  tree(node: Node | null, around: Where, depth: number): Tree {
    const at = node?.range ? this.#at(node.range[0]) : around;
    const nothing: Tree = { kind: 'scalar', value: null, at };
    if (node === null) return nothing;
    if (++this.#nodes > mostNodes) {
      if (this.#nodes === mostNodes + 1)
        this.#findings.refuse('COMPOSE_TOO_LARGE', at, 'its aliases, written out, become larger than any project');
      return nothing;
    }
    if (depth > deepest) {
      this.#findings.refuse('COMPOSE_TOO_DEEP', at, `nested more than ${deepest} levels deep`);
      return nothing;
    }
    if (isAlias(node)) return this.#alias(node.resolve(this.#document) as Node | undefined, at, depth);
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node, at, depth), at };
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((item) => this.tree(item as Node | null, at, depth + 1)), at };
    if (isScalar(node)) return { kind: 'scalar', value: this.#plain(node.value, at), at };
    return nothing;
  }

  #alias(target: Node | undefined, at: Where, depth: number): Tree {
    if (target === undefined || this.#within.has(target)) {
      this.#findings.refuse(
        'COMPOSE_ALIASES',
        at,
        target ? 'an alias stands inside its own anchor' : 'the alias has no anchor before it',
      );
      return { kind: 'scalar', value: null, at };
    }
    this.#within.add(target);
    const tree = this.tree(target, at, depth + 1);
    this.#within.delete(target);
    return tree;
  }

  #entries(map: YAMLMap, around: Where, depth: number): Map<string, Entry> {
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const at = pair.key?.range ? this.#at(pair.key.range[0]) : around;
      const name = this.#name(pair.key, at);
      if (name === undefined) continue;
      const value = this.tree(pair.value, at, depth + 1);
      if (name === '<<') for (const [key, entry] of this.#merged(value)) if (!merged.has(key)) merged.set(key, entry);
      if (name === '<<') continue;
      if (own.has(name)) this.#findings.refuse('COMPOSE_DUPLICATE_KEY', at, `${shown(name)} is written twice`);
      own.set(name, { at, value });
    }
    for (const [key, entry] of merged) if (!own.has(key)) own.set(key, entry);
    return own;
  }

  #merged(value: Tree): [string, Entry][] {
    const sources = value.kind === 'list' ? value.items : [value];
    return sources.flatMap((source) => {
      if (source.kind === 'map') return [...source.entries];
      this.#findings.refuse('COMPOSE_YAML', source.at, '<< merges mappings only');
      return [];
    });
  }

  #name(key: Node | null, at: Where): string | undefined {
    const value = isScalar(key) ? this.#plain(key.value, at) : undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.#findings.refuse('COMPOSE_YAML', at, 'a key is a plain text');
    return undefined;
  }

  #plain(value: unknown, at: Where): string | number | boolean | null {
    if (typeof value === 'string') {
      // What can be seen on no screen has no place in a configuration, and each reader of YAML takes it differently.
      if (/[^\P{Cc}\n\t]|[\p{Cs}\u2028\u2029\uFEFF]/u.test(value)) {
        this.#findings.refuse('COMPOSE_CONTROL_CHARACTER', at, 'holds a control character');
      }
      return value;
    }
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
    return String(value);
  }
}
