import type { Change } from '../fault.ts';

/** How a database's state is changed by SQL, as its administrator over the socket. */
export interface Statements {
  /** What part of it, for `touches`. */
  what: string;
  /** Gives the state; it must be the same text whenever the state is the same. */
  read: string;
  /** Breaks it. */
  broken: readonly string[];
  /** Puts it back to the state that `read` gave before; may be run twice. */
  mended: (before: string) => readonly string[];
}

export function statements(service: string, { what, read, broken, mended }: Statements): Change {
  const mysql = (more: readonly string[]): string[] => ['mysql', '--batch', '--skip-column-names', ...more];
  return {
    touches: `${service}/mysql/${what}`,
    read: async (lab) => (await lab.run(service, mysql(['-e', read]))).trim(),
    apply: async (lab) => void (await lab.run(service, mysql([]), { stdin: script(broken) })),
    restore: async (lab, before) =>
      void (await lab.run(service, mysql(['--force']), { stdin: script(mended(before)) })),
  };
}

function script(lines: readonly string[]): string {
  return lines.map((line) => `${line};\n`).join('');
}
