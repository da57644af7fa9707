import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';

/** How a database's state is changed by SQL, as its administrator over the socket. */
export interface Statements {
  /** What part of it, for `touches`. */
  what: string;
  /** Which database is told, where it is not the one that it is about: of a group, the one that writes for all. */
  at?: (lab: RunningLab) => Promise<string>;
  /** Gives the state; it must be the same text whenever the state is the same. */
  read: string;
  /** Breaks it. */
  broken: readonly string[];
  /** Puts it back to the state that `read` gave before; may be run twice. */
  mended: (before: string) => readonly string[];
}

export function statements(service: string, { what, at, read, broken, mended }: Statements): Change {
  const told = async (lab: RunningLab): Promise<string> => (at === undefined ? service : at(lab));
  const mysql = (more: readonly string[]): string[] => ['mysql', '--batch', '--skip-column-names', ...more];
  return {
    touches: `${service}/mysql/${what}`,
    read: async (lab) => (await lab.run(await told(lab), mysql(['-e', read]))).trim(),
    apply: async (lab) => void (await lab.run(await told(lab), mysql([]), { stdin: script(broken) })),
    restore: async (lab, before) =>
      void (await lab.run(await told(lab), mysql(['--force']), { stdin: script(mended(before)) })),
  };
}

function script(lines: readonly string[]): string {
  return lines.map((line) => `${line};\n`).join('');
}
