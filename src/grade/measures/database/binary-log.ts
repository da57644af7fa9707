import * as z from 'zod';
import { defineMeasure } from '../measure.ts';
import { asRoot, databaseOf } from './as-root.ts';
import { rowsAsRoot, type Outcome } from '../../../checks/database/as-root.ts';

/** What goes into the binary log: changes of the exercise's database, or none but these. */
export const logs = defineMeasure({
  options: z.strictObject({ service: z.string(), which: z.enum(['database', 'nothing-else']) }),
  run: async (context, { service, which }) => {
    const database = databaseOf(context);
    const fresh = context.fresh(`logs/${which}`).slice(0, 12);
    const changed = which === 'database' ? database : `other_${fresh}`;
    const outcomes = await asRoot(context, service, [
      `CREATE DATABASE IF NOT EXISTS \`${database}\``,
      'SHOW BINARY LOG STATUS',
      `CREATE DATABASE IF NOT EXISTS \`${changed}\``,
      `USE \`${changed}\``,
      `CREATE TABLE \`${changed}\`.logged_${fresh} (value VARCHAR(64) PRIMARY KEY)`,
      `SHOW BINARY LOG STATUS`,
      `INSERT INTO \`${changed}\`.logged_${fresh} VALUES ('${fresh}')`,
      'SHOW BINARY LOG STATUS',
    ]);
    const [before, between, after] = [outcomes[1], outcomes[5], outcomes[7]].map(positionOf);
    rowsAsRoot(outcomes[6]);
    if (before === undefined || after === undefined) return { good: false, observed: 'there is no binary log' };
    const evidence = [`before ${before}`, `after a table ${between}`, `after a row ${after}`];
    const whose = which === 'database' ? `the database ${database}` : 'another database';
    const logged = between !== after;
    return {
      good: logged === (which === 'database'),
      observed: `a row written in ${whose} is ${logged ? '' : 'not '}in the binary log`,
      evidence,
    };
  },
});

function positionOf(outcome: Outcome | undefined): string | undefined {
  const [row] = rowsAsRoot(outcome);
  return row === undefined ? undefined : `${row['File'] ?? ''}:${row['Position'] ?? ''}`;
}
