import { expect, test } from 'vitest';
import { columns, inColumns, makeStage } from '../../../src/demo/stage.ts';
import { noColours } from '../../../src/report/colours.ts';

test('text keeps to its columns, with what stands before each line', () => {
  const text = inColumns(`${'word '.repeat(60)}\nlast`, '  │ ');
  const lines = text.split('\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    expect(line.startsWith('  │ ')).toBe(true);
    expect(line.length).toBeLessThanOrEqual(columns);
  }
  expect(lines.at(-1)).toBe('  │ last');
});

test('at any speed the same is written; without pauses it takes no time', async () => {
  const written: string[] = [];
  let leftOut = 0;
  const stage = makeStage({
    colours: noColours,
    speed: Infinity,
    signal: new AbortController().signal,
    write: (text) => written.push(text),
    leaveOut: (ms) => (leftOut += ms),
  });
  const started = performance.now();
  await stage.type('lab status');
  await stage.letRead(100_000);
  expect(written.join('')).toBe('lab status');
  expect(performance.now() - started).toBeLessThan(500);
  expect(leftOut).toBeGreaterThan(5000);
});

test('Ctrl-C ends a pause', async () => {
  const controller = new AbortController();
  const stage = makeStage({ colours: noColours, speed: 1, signal: controller.signal, write: () => undefined });
  const reading = stage.letRead(1000);
  controller.abort(new Error('stopped'));
  await expect(reading).rejects.toThrow();
});
