import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError } from '../errors.ts';
import { installation } from '../installation.ts';
import { columns } from './stage.ts';

/** What was written, and when, in seconds from the start. */
export interface Recording {
  title: string;
  events: { at: number; text: string }[];
}

const rows = 34;
/** A player skips what lasts longer without a word: containers that start, alerts that are on their way. */
const idleSeconds = 3;

/** @throws UserError `RECORDING_UNKNOWN` when the file's name says of no kind that there is */
export function checkRecordable(file: string): void {
  if (/\.(cast|html)$/.test(file)) return;
  throw inputError('RECORDING_UNKNOWN', {
    message: `${file}: a recording is an asciicast or a page`,
    expected: 'a name that ends in .cast or .html',
  });
}

/** Writes it as an asciicast or as a page of its own, by the file's name. */
export async function saveRecording(recording: Recording, file: string): Promise<void> {
  const cast = asciicast(recording);
  await writeFile(file, file.endsWith('.html') ? await page(recording.title, cast) : cast);
}

/** https://docs.asciinema.org/manual/asciicast/v2/ */
export function asciicast({ title, events }: Recording): string {
  const header = { version: 2, width: columns, height: rows, idle_time_limit: idleSeconds, title };
  const lines = events.map(({ at, text }) => [Number(at.toFixed(3)), 'o', text.replaceAll('\n', '\r\n')]);
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A page that needs nothing else: the player, its style and the recording are in it. */
async function page(title: string, cast: string): Promise<string> {
  const part = (name: string): Promise<string> =>
    readFile(join(installation.root, 'node_modules/asciinema-player/dist/bundle', name), 'utf8');
  const [player, style] = await Promise.all([part('asciinema-player.min.js'), part('asciinema-player.css')]);
  const data = Buffer.from(cast).toString('base64');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
<style>
  body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: #16181d; color: #e6e6e6; font: 1rem/1.5 system-ui, sans-serif; }
  h1 { font-size: 1.25rem; font-weight: 600; }
</style>
<h1>${escaped(title)}</h1>
<div id="demo"></div>
<script>${player.replaceAll('</script', '<\\/script')}</script>
<script>
  AsciinemaPlayer.create('data:text/plain;base64,${data}', document.getElementById('demo'), { fit: 'width', idleTimeLimit: ${idleSeconds}, poster: 'npt:2' });
</script>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
