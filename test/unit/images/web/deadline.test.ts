import { expect, test } from 'vitest';
import { withDeadline } from '../../../../images/web/app/deadline.ts';

const unused = (): never => {
  throw new Error('nothing was late');
};

test('work that is in time gives its value', async () => {
  await expect(withDeadline(Promise.resolve(5), 1000, unused)).resolves.toBe(5);
});

test('work that fails in time gives its error', async () => {
  await expect(withDeadline(Promise.reject(new Error('refused')), 1000, unused)).rejects.toThrow('refused');
});

test('what comes too late is handed over, so that nothing leaks', async () => {
  let arrive = (_: string): void => undefined;
  const work = new Promise<string>((resolve) => (arrive = resolve));
  const late: string[] = [];
  await expect(withDeadline(work, 5, (value) => late.push(value))).rejects.toThrow('within 5 ms');
  arrive('connection');
  await work;
  expect(late).toEqual(['connection']);
});
