import { execa } from 'execa';
import { expect, test } from 'vitest';
import { root } from '../../support/lab.ts';

test.each(['../../x', '-rf', 'a/b', '..', '', 'x\u001b[2J', 'x'.repeat(65), '=cmd()'])(
  'a student’s id that could be a place or an attack is not taken: %j',
  async (student) => {
    const args = ['grade', root, '--exercise', 'tls-termination', `--student=${student}`];
    const { exitCode, stderr } = await execa(`${root}/lab`, args, { reject: false, stdin: 'ignore' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is no id');
  },
);
