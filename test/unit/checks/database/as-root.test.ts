import { describe, expect, it } from 'vitest';
import type { CheckContext } from '../../../../src/checks/check.ts';
import { pairs, rowsAsRoot, statementsAsRoot } from '../../../../src/checks/database/as-root.ts';

/** What MySQL's client wrote, taken from a real one (`mysql --batch --force`). */
const answering = (stdout: string, stderr = ''): Pick<CheckContext, 'exec'> => ({
  exec: async () => ({ exitCode: stderr === '' ? 0 : 1, stdout, stderr }),
});

describe('statements as MySQL’s administrator', () => {
  it('gives the rows of each statement', async () => {
    const outcomes = await statementsAsRoot(
      answering('#0#\n#0#\na\tb\n1\tx\\ty\\nz\n#1#\n#1#\n#2#\n#2#\nc\nNULL\n'),
      'db',
      ['one', 'two', 'three'],
    );
    expect(outcomes).toEqual([{ rows: [{ a: '1', b: 'x\ty\nz' }] }, { rows: [] }, { rows: [{ c: 'NULL' }] }]);
  });

  it('tells which statement failed, and goes on', async () => {
    const stderr = "ERROR 1049 (42000) at line 4: Unknown database 'x'\n";
    const [first, second, third] = await statementsAsRoot(
      answering('#0#\n#0#\n#1#\n#1#\n#2#\n#2#\na\n1\n', stderr),
      'db',
      ['DO 0', 'SELECT 1 FROM x.y', 'SELECT 1 AS a'],
    );
    expect(first).toEqual({ rows: [] });
    expect(second).toEqual({ error: "1049 (42000): Unknown database 'x'" });
    expect(() => rowsAsRoot(second)).toThrow();
    expect(rowsAsRoot(third)).toEqual([{ a: '1' }]);
  });

  it('throws when the server does not answer', async () => {
    const gone = answering('', "ERROR 2002 (HY000): Can't connect to local MySQL server\n");
    await expect(statementsAsRoot(gone, 'db', ['SELECT 1'])).rejects.toThrow('does not answer over its socket');
  });

  it('reads names and values', () => {
    expect(pairs([{ Variable_name: 'Sync_Binlog', Value: '1' }])).toEqual({ sync_binlog: '1' });
  });
});
