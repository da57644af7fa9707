import { stripVTControlCharacters } from 'node:util';

/** Splits a stream of chunks into whole lines without colours; call `end` for what is left. */
export function lineSplitter(onLine: (line: string) => void): { push: (chunk: string) => void; end: () => void } {
  let rest = '';
  const give = (line: string): void => {
    // apt and curl redraw a line with carriage returns: only its last state counts.
    const shown = stripVTControlCharacters(line.replace(/\r+$/, '').split('\r').at(-1) ?? '').trimEnd();
    if (shown !== '') onLine(shown);
  };
  return {
    push(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(give);
    },
    end() {
      give(rest);
      rest = '';
    },
  };
}

/** Keeps the last `size` lines that it is given. */
export class LastLines {
  private readonly lines: string[] = [];
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  add(line: string): void {
    this.lines.push(line);
    if (this.lines.length > this.size) this.lines.shift();
  }

  clear(): void {
    this.lines.length = 0;
  }

  toString(): string {
    return this.lines.join('\n');
  }
}
