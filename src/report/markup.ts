import { printable } from '../printable.ts';

/** Text that is HTML already. Everything else that is put into a page is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Value[];

/**
 * HTML in which every value is escaped, unless it was made here itself; lists are put one after the other. Not called
 * `html`: Prettier would format what is inside, and a style must be, to the byte, the one whose hash the page names.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + written(values[index - 1] ?? '') + part));
}

function written(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapedHtml(value);
  return typeof value === 'number' ? String(value) : value.map(written).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute; line ends stay. */
export function escapedHtml(text: string): string {
  return text
    .split('\n')
    .map(printable)
    .join('\n')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
