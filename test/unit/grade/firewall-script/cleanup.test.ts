import { expect, test } from 'vitest';
import { Cleanup } from '../../../../src/grade/firewall-script/cleanup.ts';

test('takes away the last thing first, all of them whatever happens, and once', async () => {
  const cleanup = new Cleanup();
  const gone: string[] = [];
  cleanup.add(() => Promise.resolve(gone.push('network')));
  cleanup.add(() => Promise.reject(new Error('stuck')));
  cleanup.add(() => Promise.resolve(gone.push('server')));
  await expect(cleanup.run()).rejects.toThrow('stuck');
  await expect(cleanup.run()).rejects.toThrow('stuck');
  expect(gone).toEqual(['server', 'network']);
});
