import * as z from 'zod';
import { failure } from '../../../errors.ts';
import { inTheirs } from '../in-theirs.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { rowsOfLast } from './as-root.ts';

/** Where a submission's option file lies in a database's container. */
const place = '/etc/lab/role.cnf';

/** What mysqld takes from the submission's file, by its own reading: names with `_`, in the order of the file. */
async function optionsTaken(context: MeasureContext, service: string): Promise<string[]> {
  const { stdout, stderr, exitCode } = await inTheirs(context, service, [
    'mysqld',
    `--defaults-file=${place}`,
    '--print-defaults',
  ]);
  if (exitCode !== 0)
    throw failure('OPTIONS', { message: `mysqld of ${service} does not read its option file`, found: stderr.trim() });
  // Values may hold spaces; what begins with two hyphens after one is an option all the same.
  return [...stdout.slice(stdout.indexOf('\n')).matchAll(/(?:^|\s)--(?:loose[-_])?([a-z0-9_-]+)/gi)].map(
    ([, name = '']) => name.replaceAll('-', '_').toLowerCase(),
  );
}

/** The server takes options from the file at all: a group of another name is passed over without a word. */
export const takesOptions = defineMeasure({
  options: z.strictObject({ service: z.string() }),
  run: async (context, { service }) => {
    const taken = await optionsTaken(context, service);
    return {
      good: taken.length > 0,
      observed: taken.length === 0 ? 'mysqld takes no option from the file' : `mysqld takes ${taken.length} options`,
      evidence: taken,
    };
  },
});

/** An option is given by the file, and the server has a value for its variable. */
export const setsOption = defineMeasure({
  options: z.strictObject({ service: z.string(), option: z.string() }),
  run: async (context, { service, option }) => {
    const [taken, rows] = await Promise.all([
      optionsTaken(context, service),
      rowsOfLast(context, service, [`SHOW GLOBAL VARIABLES LIKE '${option}'`]),
    ]);
    const value = rows[0]?.['Value'] ?? 'nothing';
    const given = taken.includes(option);
    const told = given || taken.includes(`skip_${option}`);
    const on = !['OFF', '0', '', 'nothing'].includes(value);
    const whose = told ? 'as the file says' : 'MySQL’s own default: the file does not set it';
    return { good: given && on, observed: `${option} is ${value}, ${whose}` };
  },
});

/** The server has an id of its own, from the file, that is not the other server's. */
export const setsServerId = defineMeasure({
  options: z.strictObject({ service: z.string(), other: z.string().optional() }),
  run: async (context, { service, other }) => {
    const [taken, id] = await Promise.all([optionsTaken(context, service), idOf(context, service)]);
    if (!taken.includes('server_id'))
      return { good: false, observed: `server_id is ${id}, MySQL’s own default: the file does not set it` };
    const others =
      other !== undefined && context.starts.get(other)?.ready === true ? await idOf(context, other) : undefined;
    const words = others === undefined ? '' : `; ${other} has ${others}`;
    return { good: id !== '0' && id !== others, observed: `server_id is ${id}${words}` };
  },
});

async function idOf(context: MeasureContext, service: string): Promise<string> {
  const rows = await rowsOfLast(context, service, ['SELECT @@global.server_id AS id']);
  return rows[0]?.['id'] ?? '0';
}
