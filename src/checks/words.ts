/** A list for `observed`: the first few, and how many more there are. */
export function few(items: readonly string[], most = 6): string {
  const shown = items.slice(0, most).join(', ');
  return items.length <= most ? shown : `${shown} and ${items.length - most} more`;
}

/** `1 container`, `3 containers`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
