import { failure } from '../../errors.ts';
import type { CheckContext } from '../check.ts';

export type Row = Readonly<Record<string, string>>;

/** What one statement gave: its rows, or MySQL's own words. */
export type Outcome = { rows: Row[] } | { error: string };

/**
 * Runs statements in a database's container as MySQL's administrator, over its socket, in one go: each costs next to nothing
 * beside starting the client. One that fails does not stop the others.
 * @param client the program and its options; without any it reads the server's option files as well
 * @throws when the server does not answer at all
 */
export async function statementsAsRoot(
  context: Pick<CheckContext, 'exec'>,
  service: string,
  statements: readonly string[],
  client: readonly string[] = ['mysql'],
): Promise<Outcome[]> {
  const mark = (index: number): string => `SELECT '#${index}#';`;
  const script = statements.map((statement, index) => `${mark(index)}\n${statement.replaceAll('\n', ' ')};\n`).join('');
  const { stdout, stderr } = await context.exec(service, [...client, '--batch', '--force'], { stdin: script });
  const parts = stdout.split(/^#\d+#\n#\d+#\n/m).slice(1);
  if (parts.length !== statements.length) {
    throw failure('SQL', { message: `MySQL of ${service} does not answer over its socket`, found: stderr.trim() });
  }
  return parts.map((part, index) => {
    // Statements stand on every second line.
    const error = new RegExp(`^ERROR (.*) at line ${2 * index + 2}: (.*)$`, 'm').exec(stderr);
    return error === null ? { rows: rowsOf(part) } : { error: `${error[1] ?? ''}: ${error[2] ?? ''}` };
  });
}

/** The rows of an outcome. @throws MySQL's own words */
export function rowsAsRoot(outcome: Outcome | undefined): Row[] {
  if (outcome === undefined) throw new Error('no such statement was run');
  if ('error' in outcome) throw failure('SQL', { message: 'MySQL refused', found: outcome.error });
  return outcome.rows;
}

/** Two columns of rows, such as those of SHOW VARIABLES, as name and value; names in lower case. */
export function pairs(rows: readonly Row[]): Record<string, string> {
  return Object.fromEntries(
    rows.map((row) => {
      const [name = '', value = ''] = Object.values(row);
      return [name.toLowerCase(), value];
    }),
  );
}

/** Tab-separated, with a line of names, as `mysql --batch` writes: tabs, line ends and backslashes are escaped. */
function rowsOf(text: string): Row[] {
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const names = head.split('\t');
  return lines.map((line) => {
    const values = line.split('\t').map(unescaped);
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  });
}

function unescaped(value: string): string {
  return value.replace(/\\([tn0\\])/g, (_, character: string) => ({ t: '\t', n: '\n', '0': '\0' })[character] ?? '\\');
}
