import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isArchiveName, listArchive } from './archive.ts';
import { ExportTaker } from './export-taker.ts';
import { deadlineIn, limits } from './limits.ts';
import { isClutter } from './names.ts';
import { refuse } from './refused.ts';
import { names } from './select.ts';
import { contentOf } from './source.ts';
import type { Part } from './students.ts';

/**
 * The submissions in a learning platform's export. What one student handed in cannot spoil the others': it is refused
 * when that student's submission is opened.
 * @throws Refused when the export itself cannot be read
 */
export async function partsOf(path: string): Promise<{ parts: Part[]; notes: string[] }> {
  const found = await lstat(resolve(path)).catch(({ code }: NodeJS.ErrnoException) =>
    refuse('SUBMISSION_UNREADABLE', `it cannot be read (${code ?? 'unknown reason'})`),
  );
  return found.isDirectory() ? inFolder(path) : inArchive(path);
}

async function inFolder(path: string): Promise<{ parts: Part[]; notes: string[] }> {
  const found = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !isClutter(name));
  const isPart = (entry: (typeof found)[number]) => entry.isDirectory() || isArchiveName(entry.name);
  const parts = found
    .filter(isPart)
    .map((entry) => ({ source: { path: join(path, entry.name) }, folder: entry.isDirectory() }))
    .sort((a, b) => (a.source.path < b.source.path ? -1 : 1));
  return { parts, notes: notSubmissions(found.filter((entry) => !isPart(entry)).map(({ name }) => name)) };
}

async function inArchive(path: string): Promise<{ parts: Part[]; notes: string[] }> {
  const content = await contentOf(path, limits.export);
  const taker = new ExportTaker();
  const name = basename(path);
  if (!(await listArchive(name, content, deadlineIn(limits.exportTime), taker, limits.export)))
    refuse('SUBMISSION_ARCHIVE', 'it is neither a folder nor an archive');
  const { parts, others } = taker.parts();
  return { parts, notes: notSubmissions(others) };
}

function notSubmissions(found: readonly string[]): string[] {
  if (found.length === 0) return [];
  return [
    `Left out of the export, since they are neither folders nor archives: ${names(found.map((path) => ({ path })))}.`,
  ];
}
