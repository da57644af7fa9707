import type { Adapted } from '../submission.ts';
import { type Change, changeLines } from './lines.ts';
import { type Word, wordsOf } from './haproxy-words.ts';

/** One line of HAProxy's configuration that says something. */
export interface Directive {
  /** `global`, `frontend`, …; empty before the first one. */
  section: string;
  line: string;
  words: readonly Word[];
  /** The words' values: `values[0]` is the keyword. */
  values: readonly string[];
}

const sections = new Set(
  `global defaults frontend backend listen peers resolvers userlist mailers cache program http-errors ring log-forward
  log-profile fcgi-app crt-store traces acme`.split(/\s+/),
);

/** Lets `change` look at each directive. A line that begins a section is none. */
export function changeDirectives(text: string, change: (directive: Directive) => Change | undefined): Adapted {
  let section = '';
  return changeLines(text, (line) => {
    const words = wordsOf(line);
    const values = words.map(({ value }) => value);
    const keyword = values[0];
    if (keyword === undefined) return undefined;
    if (!sections.has(keyword)) return change({ section, line, words, values });
    section = keyword;
    return undefined;
  });
}

/** Sections that hold traffic. */
export const isProxy = (section: string): boolean => ['defaults', 'frontend', 'backend', 'listen'].includes(section);
