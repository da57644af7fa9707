import type { Directive } from './haproxy-directives.ts';
import { written } from './haproxy-words.ts';
import { type Change, shown } from './lines.ts';

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What HAProxy 1.x said about headers, in the words of today; undefined where there is no equal. Those words went in 2.1. */
export function modernHeaders(directive: Directive): Change | undefined {
  const keyword = directive.values[0]!;
  const action = keyword.startsWith('req') ? 'http-request' : keyword.startsWith('rsp') ? 'http-response' : undefined;
  if (action === undefined) return undefined;
  const rest = equal(keyword.slice(3), directive.values);
  if (rest === undefined) return undefined;
  const { words, line } = directive;
  const { count, text } = rest;
  const after = words[count]; // A condition, `if …` or `unless …`, stays as it was written.
  if (after !== undefined && !['if', 'unless'].includes(after.value)) return undefined;
  const head = line.slice(0, words[0]!.from);
  const tail = line.slice(words[count - 1]!.to);
  return {
    text: `${head}${action} ${text}${tail}`,
    note: `${keyword}: ${action} ${shown(text)}, its words since HAProxy 2.1`,
  };
}

/** How many words of the old directive are used up, and what stands for them. */
function equal(what: string, [, first, second]: readonly string[]): { count: number; text: string } | undefined {
  if (first === undefined) return undefined;
  if (what === 'add') return counted(2, added(first));
  if (what === 'del' || what === 'idel') return counted(2, deleted(first));
  if ((what === 'rep' || what === 'irep') && second !== undefined) {
    return counted(3, replacedHeader(first, second, what === 'irep') ?? replacedUri(first, second));
  }
  return undefined;
}

function counted(count: number, text: string | undefined): { count: number; text: string } | undefined {
  return text === undefined ? undefined : { count, text };
}

/** `Name: value`. The value was literal; in http-request `%` begins a variable. */
function added(header: string): string | undefined {
  const colon = header.indexOf(':');
  const name = header.slice(0, Math.max(colon, 0));
  if (!headerName.test(name)) return undefined;
  const value = header
    .slice(colon + 1)
    .trim()
    .replaceAll('%', '%%');
  return `add-header ${written(name)} ${written(value)}`;
}

/** `^Name:.*` and shorter. */
function deleted(pattern: string): string | undefined {
  const name = patternedName(pattern);
  return name !== undefined && /^(\s|\\ )?(\.\*)?\$?$/.test(name.rest) ? `del-header ${name.name}` : undefined;
}

/** `^Name:\ (.*)` with `Name:\ new\ \1`: the same header keeps its name. */
function replacedHeader(pattern: string, replacement: string, ignoreCase: boolean): string | undefined {
  const name = patternedName(pattern);
  if (name === undefined) return undefined;
  const colon = replacement.indexOf(':');
  if (replacement.slice(0, Math.max(colon, 0)).toLowerCase() !== name.name.toLowerCase()) return undefined;
  const regex = name.rest.replace(/^(?:\s|\\s)[*+]?/, '');
  const value = replacement.slice(colon + 1).trimStart();
  return `replace-header ${name.name} ${written(`${ignoreCase ? '(?i)' : ''}^${regex}`)} ${written(value)}`;
}

/** `^([^\ :]*)\ /old(.*)` with `\1\ /new\2`: the request line's address. The first group, the method, goes. */
function replacedUri(pattern: string, replacement: string): string | undefined {
  const method = ['^([^ :]*) ', '^([^ ]*) ', '^([^ :]*)\\ ', '^([^ ]*)\\ '].find((start) => pattern.startsWith(start));
  if (method === undefined || !replacement.startsWith('\\1 ') || /HTTP/.test(pattern + replacement)) return undefined;
  const value = replacement.slice(3);
  if (/\\1/.test(value)) return undefined;
  const shifted = value.replace(/\\([2-9])/g, (_, digit: string) => `\\${Number(digit) - 1}`);
  return `replace-uri ${written(`^${pattern.slice(method.length)}`)} ${written(shifted)}`;
}

function patternedName(pattern: string): { name: string; rest: string } | undefined {
  const match = /^\^([A-Za-z0-9-]{1,200}):/.exec(pattern);
  return match === null ? undefined : { name: match[1]!, rest: pattern.slice(match[0].length) };
}
