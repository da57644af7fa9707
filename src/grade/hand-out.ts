import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inputError } from '../errors.ts';
import type { LoadedExercise } from './exercise/load.ts';
import { withParameters, type Parameters } from './exercise/parameters.ts';
import { ownFiles } from './variants.ts';

/** The task, as it is handed out. */
export const taskFile = 'README.md';

/**
 * Writes what a student begins with: the task and the starter, with the student's own values in them.
 * @returns the files written
 * @throws UserError `FOLDER_NOT_EMPTY` when there is anything in the folder
 */
export async function handOut(exercise: LoadedExercise, folder: string, parameters: Parameters): Promise<string[]> {
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw inputError('FOLDER_NOT_EMPTY', {
      message: `there is something in ${folder} already`,
      fix: 'choose a folder that is new or empty',
    });
  }
  const task = withParameters(await readFile(join(exercise.folder, taskFile), 'utf8'), exercise, parameters);
  const files = new Map([...(await ownFiles(exercise, 'starter', parameters)), [taskFile, task]]);
  for (const [path, text] of files) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text, { flag: 'wx' });
  }
  return [...files.keys()];
}
