import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type * as z from 'zod';
import type { UserError } from '../errors.ts';
import { inputError } from '../errors.ts';
import type { GradeResult } from './result.ts';
import { gradeResultSchema } from './result-schema.ts';
import { signatureSchema, type Signature } from './sign.ts';

/** Bytes of a result's file; real ones have some ten thousand. */
const most = 16 * 1024 * 1024;

export const resultFileName = 'result.json';

/** A result with the file it was read from. */
export interface ReadResult {
  file: string;
  result: GradeResult;
}

/**
 * The files that an argument names: a file itself, a student's folder, or a class's folder, which holds a
 * folder for each student in `students/`, or right in it. Sorted by name. @throws UserError RESULT_MISSING
 */
export async function resultFiles(path: string): Promise<string[]> {
  const kind = await kindOf(path);
  if (kind === 'other') return [path];
  if (kind === 'folder') {
    const own = join(path, resultFileName);
    if ((await kindOf(own)) !== 'nothing') return [own];
    const students = join(path, 'students');
    const folder = (await kindOf(students)) === 'folder' ? students : path;
    const names = (await readdir(folder)).sort();
    const files = names.map((name) => join(folder, name, resultFileName));
    const kinds = await Promise.all(files.map(kindOf));
    const found = files.filter((_, index) => kinds[index] !== 'nothing');
    if (found.length > 0) return found;
  }
  throw inputError('RESULT_MISSING', {
    message: `there is no result in ${path}`,
    expected: `a ${resultFileName}, a folder that holds one, or a folder of such folders`,
    where: { file: path },
  });
}

async function kindOf(path: string): Promise<'nothing' | 'folder' | 'other'> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 'nothing' : found.isDirectory() ? 'folder' : 'other';
}

/** One result. A file that is none is refused with all that is wrong in it. @throws UserError RESULT_MISSING, RESULT_INVALID */
export async function readResult(path: string): Promise<ReadResult> {
  const [file = path, ...more] = await resultFiles(path);
  if (more.length > 0)
    throw inputError('RESULT_MISSING', {
      message: `${path} holds ${more.length + 1} results`,
      expected: 'one',
      fix: `name one, such as ${file}`,
    });
  return readResultFile(file);
}

/** @throws UserError RESULT_INVALID */
export async function readResultFile(file: string): Promise<ReadResult> {
  const text = await textOf(file, most, 'RESULT_INVALID');
  return { file, result: parsed(text, gradeResultSchema, { file, code: 'RESULT_INVALID', what: 'result' }) };
}

export function signatureFile(resultFile: string): string {
  return `${resultFile}.sig`;
}

/** The signature beside a result, or nothing where there is none. @throws UserError SIGNATURE_INVALID */
export async function readSignature(resultFile: string): Promise<Signature | undefined> {
  const file = signatureFile(resultFile);
  if ((await kindOf(file)) === 'nothing') return undefined;
  const text = await textOf(file, 4096, 'SIGNATURE_INVALID');
  return parsed(text, signatureSchema, { file, code: 'SIGNATURE_INVALID', what: 'signature' });
}

/** The text of a key's file. @throws UserError KEY_MISSING */
export async function readKeyFile(file: string): Promise<string> {
  return textOf(file, 65_536, 'KEY_MISSING');
}

/** What a regular file of bounded size holds: a pipe or device must not be waited for. */
async function textOf(file: string, limit: number, code: string): Promise<string> {
  const refused = (found: string, cause?: unknown): UserError =>
    inputError(
      code,
      {
        message: `${basename(file)} cannot be read`,
        expected: `a file of at most ${limit} bytes`,
        found,
        where: { file },
      },
      cause,
    );
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    throw refused(error.code === 'ENOENT' ? 'nothing' : (error.code ?? error.message), error);
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw refused('something that is no regular file');
    if (info.size > limit) throw refused(`${info.size} bytes`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

interface About {
  file: string;
  code: string;
  what: string;
}

function parsed<T>(text: string, schema: z.ZodType<T>, { file, code, what }: About): T {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw inputError(
      code,
      { message: `this ${what} is not JSON`, found: (error as Error).message, where: { file } },
      error,
    );
  }
  const read = schema.safeParse(document);
  if (read.success) return read.data;
  const shown = read.error.issues.slice(0, 20).map((issue) => ({
    message: `${what}: ${issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `}${issue.message}`.slice(
      0,
      400,
    ),
    where: { file },
  }));
  throw inputError(code, shown, read.error);
}
