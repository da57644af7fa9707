import type { KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { inputError, UserError } from '../errors.ts';
import { readKeyFile, readResultFile, readSignature, signatureFile } from './read-result.ts';
import type { GradeResult } from './result.ts';
import { generateKey, publicKeyOf, signDocument, verifyDocument, type Verdict } from './sign.ts';

/**
 * Makes a key: the private part into a file that its owner alone may read, the public part into `<file>.pub`. What is
 * there already is never replaced: results signed with it could not be verified any more.
 * @returns the fingerprint @throws UserError KEY_EXISTS
 */
export async function makeKeyFiles(file: string): Promise<string> {
  const { privatePem, publicPem, fingerprint } = generateKey();
  await writeNew(file, privatePem, 0o600);
  await writeNew(`${file}.pub`, publicPem, 0o644);
  return fingerprint;
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { mode, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const exists = error.code === 'EEXIST';
    throw inputError(
      exists ? 'KEY_EXISTS' : 'KEY_UNWRITABLE',
      {
        message: exists ? 'a file of this name is there already' : `the key cannot be written (${error.code ?? ''})`,
        where: { file },
        fix: exists ? 'choose another name, or keep using this key' : 'choose a folder that exists and can be written',
      },
      error,
    );
  });
}

/** Signs a result that has been written. @throws UserError KEY_MISSING, KEY_INVALID, RESULT_INVALID */
export async function signResultFile(resultFile: string, keyFile: string): Promise<void> {
  const { result } = await readResultFile(resultFile);
  const signature = signDocument(result, await readKeyFile(keyFile), keyFile);
  await writeFile(signatureFile(resultFile), `${JSON.stringify(signature, null, 2)}\n`);
}

export interface Verified {
  file: string;
  verdict: Verdict | 'no-signature' | 'unreadable';
  /** What it says, where it could be read; to be trusted only if the verdict is `matches`. */
  result?: GradeResult;
  /** Why it could not be read. */
  why?: string;
}

/** Verifies results one by one; one that cannot be read is told and does not keep the others from it. @throws UserError KEY_MISSING, KEY_INVALID */
export async function verifyResultFiles(files: readonly string[], keyFile: string): Promise<Verified[]> {
  const key = publicKeyOf(await readKeyFile(keyFile), keyFile);
  const verified: Verified[] = [];
  for (const file of files) verified.push(await verifyOne(file, key));
  return verified;
}

async function verifyOne(file: string, key: KeyObject): Promise<Verified> {
  const read = await reading(file);
  if ('why' in read) return { file, verdict: 'unreadable', why: read.why };
  const { result, signature } = read;
  if (signature === undefined) return { file, verdict: 'no-signature', result };
  return { file, verdict: verifyDocument(result, signature, key), result };
}

async function reading(file: string) {
  try {
    const { result } = await readResultFile(file);
    return { result, signature: await readSignature(file) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { why: error.problems[0]?.message ?? error.code };
  }
}
