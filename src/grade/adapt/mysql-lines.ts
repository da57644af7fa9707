import type { Adapted } from '../submission.ts';
import { type Change, changeLines } from './lines.ts';

/** One option that mysqld reads, as MySQL takes it apart (mysys/my_default: groups, comments, `-` and `_` alike). */
export interface Option {
  /** With `_`, in lower case. */
  name: string;
  /** Without quotes; undefined where there is no `=`. */
  value: string | undefined;
  /** `line` with another value, or with another name and value; spaces, quotes and comments stay. */
  with(value: string, name?: string): string;
}

export interface Visitor {
  option(option: Option): Change | undefined;
  /** `!include PATH` and `!includedir PATH`, which count wherever they stand. */
  include(kind: 'include' | 'includedir', path: string): Change | undefined;
}

/** Groups that mysqld reads; a name with a space before it is another one. */
const readByServer = /^(mysqld|server|mysqld-\d+\.\d+)$/;

/** Lets `visitor` look at what MySQL's server reads of an option file. What is in other groups, or in none, stays. */
export function changeOptions(text: string, visitor: Visitor): Adapted {
  let read = false;
  return changeLines(text, (line) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) return undefined;
    if (trimmed.startsWith('[')) {
      const end = trimmed.indexOf(']');
      read = end > 0 && readByServer.test(trimmed.slice(1, end).trimEnd());
      return undefined;
    }
    if (trimmed.startsWith('!')) {
      const [kind = '', path = ''] = trimmed.slice(1).trim().split(/\s+/, 2);
      return kind === 'include' || kind === 'includedir' ? visitor.include(kind, path) : undefined;
    }
    return read ? visitor.option(optionOf(line)) : undefined;
  });
}

function optionOf(line: string): Option {
  const equals = line.indexOf('=');
  const end = commentAt(line);
  const hasValue = equals >= 0 && equals < end;
  const nameEnd = hasValue ? equals : end;
  const writtenName = line.slice(0, nameEnd).trim();
  const nameFrom = line.indexOf(writtenName);
  const quoted = hasValue ? line.slice(equals + 1, end).trim() : '';
  const from = hasValue
    ? equals + 1 + (line.slice(equals + 1, end).length - line.slice(equals + 1, end).trimStart().length)
    : end;
  const quote = quoted.length > 1 && /^["']/.test(quoted) && quoted.endsWith(quoted[0]!) ? quoted[0]! : '';
  return {
    name: writtenName.replaceAll('-', '_').toLowerCase(),
    value: hasValue ? quoted.slice(quote.length, quoted.length - quote.length) : undefined,
    with(value, name = writtenName) {
      const start = line.slice(0, nameFrom) + name;
      if (!hasValue) return `${start} = ${value}${line.slice(nameFrom + writtenName.length)}`;
      return (
        start +
        line.slice(nameFrom + writtenName.length, from) +
        quote +
        value +
        quote +
        line.slice(from + quoted.length)
      );
    },
  };
}

/** Where a comment begins: a `#` outside quotes. */
function commentAt(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const c = line[at]!;
    if (c === quote) quote = '';
    else if (quote === '' && (c === '"' || c === "'")) quote = c;
    else if (quote === '' && c === '#') return at;
  }
  return line.length;
}
