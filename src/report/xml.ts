import { printable } from '../printable.ts';

/** An XML element. @param children markup, already escaped */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapedXml(value)}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>\n${children.join('\n')}\n</${name}>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for an element or attribute, without the characters that XML 1.0 cannot hold. */
export function escapedXml(text: string): string {
  return printable(text).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** Seconds as JUnit has them. */
export function xmlSeconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
