import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../../src/events.ts';
import { noColours } from '../../../src/report/colours.ts';
import { duration } from '../../../src/report/events.ts';
import { jsonEvents } from '../../../src/report/events-json.ts';
import { plainEvents } from '../../../src/report/events-plain.ts';
import { treeEvents } from '../../../src/report/events-tree.ts';

const events: LabEvent[] = [
  { type: 'step-started', step: ['images'], title: 'Images' },
  { type: 'step-started', step: ['images', 'web'], title: 'Image web' },
  { type: 'step-progress', step: ['images', 'web'], detail: 'RUN apt-get' },
  { type: 'step-done', step: ['images', 'web'], detail: '31 MB' },
  { type: 'step-skipped', step: ['grafana'], reason: 'no registry' },
  { type: 'warning', text: 'little memory' },
  { type: 'step-done', step: ['images'] },
  { type: 'step-failed', step: ['start'], detail: 'web1 died' },
];

describe('events as JSON lines', () => {
  it('are one object a line with the time', () => {
    let text = '';
    const { emit } = jsonEvents(
      (more) => (text += more),
      () => new Date(0),
    );
    events.forEach(emit);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(events.map((event) => ({ time: '1970-01-01T00:00:00.000Z', ...event })));
  });
});

describe('events as plain lines', () => {
  const linesOf = (list: readonly LabEvent[], now: () => number): string[] => {
    let text = '';
    const { emit } = plainEvents((more) => (text += more), noColours, now);
    list.forEach(emit);
    return text.trimEnd().split('\n');
  };

  it('tell each start and each end, once', () => {
    const lines = linesOf(events, () => 0);
    expect(lines.filter((line) => line.includes('Image web'))).toHaveLength(2);
    expect(lines.find((line) => line.includes('done') && line.includes('Image web'))).toContain('31 MB');
    expect(lines.find((line) => line.includes('FAILED'))).toContain('web1 died');
    expect(lines.find((line) => line.includes('WARNING'))).toContain('little memory');
  });

  it('tell progress every few seconds, however much there is', () => {
    let time = 0;
    const started: LabEvent = { type: 'step-started', step: ['a'], title: 'A' };
    const many = Array.from({ length: 1000 }, (): LabEvent => ({ type: 'step-progress', step: ['a'], detail: 'more' }));
    // 10 ms pass at each look at the clock.
    const lines = linesOf([started, ...many], () => (time += 10));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.length).toBeLessThan(6);
  });

  it('never take more than a line for an event', () => {
    expect(linesOf([{ type: 'note', text: 'one\ntwo\u001b[2J' }], () => 0)).toHaveLength(1);
  });
});

describe('events as a tree', () => {
  const drawn = async (
    list: readonly LabEvent[],
    outcome: 'done' | 'stopped',
  ): Promise<{ raw: string; final: string }> => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    let raw = '';
    stream.on('data', (chunk: Buffer) => (raw += chunk.toString()));
    const renderer = await treeEvents(stream as unknown as NodeJS.WriteStream, noColours);
    list.forEach((event) => renderer.emit(event));
    await new Promise((resolve) => setImmediate(resolve));
    renderer.end(outcome);
    await new Promise((resolve) => setImmediate(resolve));
    // What is left on the screen is what was written after the last erasure.
    const final = stripVTControlCharacters(raw.split('\u001b[2K').at(-1) ?? '');
    return { raw, final };
  };

  it('end with every step and how it ended', async () => {
    const { final } = await drawn(events, 'done');
    expect(final).toMatch(/✔ Images/);
    expect(final).toMatch(/✖ start web1 died/);
    expect(final).toMatch(/• little memory/);
  });

  it('give the cursor back', async () => {
    const { raw } = await drawn(events, 'stopped');
    expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'));
  });

  it('show what was stopped as not done', async () => {
    const { final } = await drawn([{ type: 'step-started', step: ['a'], title: 'Starting' }], 'stopped');
    expect(final).toMatch(/✖ Starting/);
  });

  it('write no line when nothing happened', async () => {
    const { raw } = await drawn([], 'done');
    expect(stripVTControlCharacters(raw).trim()).toBe('');
    expect(raw).not.toContain('\n');
  });

  it('keep failures in sight among many steps, and fit a screen', async () => {
    const checks = Array.from({ length: 60 }, (_, index): LabEvent[] => {
      const step = ['checks', `c${index}`];
      const end: LabEvent = index === 3 ? { type: 'step-failed', step, detail: 'bad' } : { type: 'step-done', step };
      return [{ type: 'step-started', step, title: `Check ${index}` }, end];
    }).flat();
    const { final } = await drawn([{ type: 'step-started', step: ['checks'], title: 'Checks' }, ...checks], 'stopped');
    expect(final).toContain('Check 3 bad');
    expect(final.trimEnd().split('\n').length).toBeLessThan(20);
  });
});

describe('steps that nobody announced as one', () => {
  it('stand together, counted, and take one line once all ended well', async () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    let raw = '';
    stream.on('data', (chunk: Buffer) => (raw += chunk.toString()));
    const renderer = await treeEvents(stream as unknown as NodeJS.WriteStream, noColours);
    for (const name of ['a', 'b', 'c']) {
      renderer.emit({ type: 'step-started', step: ['checks', name], title: `Check ${name}` });
      renderer.emit({ type: 'step-done', step: ['checks', name] });
    }
    await new Promise((resolve) => setImmediate(resolve));
    renderer.end('done');
    const final = stripVTControlCharacters(raw.split('\u001b[2K').at(-1) ?? '');
    expect(final.trim()).toMatch(/^\S+ Checks 3 done$/);
  });
});

describe('a duration in words', () => {
  it.each([
    [420, '0.4 s'],
    [9949, '9.9 s'],
    [12_300, '12 s'],
    [185_000, '3 min 05 s'],
  ])('%i ms is %s', (ms, words) => expect(duration(ms)).toBe(words));
});
