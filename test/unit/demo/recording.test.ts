import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asciicast, checkRecordable, saveRecording } from '../../../src/demo/recording.ts';

const recording = {
  title: 'A & <B>',
  events: [
    { at: 0.25, text: 'one\n' },
    { at: 1, text: '\u001b[1mtwo\u001b[22m' },
  ],
};
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('an asciicast has a header and one line for each event, with the terminal’s line ends', () => {
  const [header, ...events] = asciicast(recording)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(header).toMatchObject({ version: 2, title: 'A & <B>' });
  expect(events).toEqual([
    [0.25, 'o', 'one\r\n'],
    [1, 'o', '\u001b[1mtwo\u001b[22m'],
  ]);
});

test('a page has the player and the recording in it, and asks nobody for anything', async () => {
  const file = join(folder, 'demo.html');
  await saveRecording(recording, file);
  const page = await readFile(file, 'utf8');
  expect(page).toContain(Buffer.from(asciicast(recording)).toString('base64'));
  expect(page).toContain('<title>A &amp; &lt;B></title>');
  expect(page).not.toMatch(/<(script|link|img)[^>]*(src|href)=/);
});

test('another kind of file is refused before anything is played', () => {
  expect(() => checkRecordable('demo.gif')).toThrow('demo.gif');
  expect(() => checkRecordable('a/demo.cast')).not.toThrow();
});
