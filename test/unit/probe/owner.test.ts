import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { ownerIsGone, ownerOfThisProcess } from '../../../src/probe/owner.ts';

test('this process is there', () => {
  expect(ownerIsGone(ownerOfThisProcess())).toBe(false);
});

test('a process that ended is gone', async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  const owner = `${hostname()}/${child.pid ?? 0}/1`;
  await once(child, 'exit');
  expect(ownerIsGone(owner)).toBe(true);
});

test.runIf(process.platform === 'linux')('a process id that was given again is another process', () => {
  expect(ownerIsGone(`${hostname()}/${process.pid}/1`)).toBe(true);
});

test('of another machine nothing is known', () => {
  expect(ownerIsGone('another-machine/1/1')).toBe(false);
});
