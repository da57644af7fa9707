import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { machineError } from '../errors.ts';
import type { CertificatePlan } from '../plan/types.ts';
import type { KeyPair } from './pki.ts';

/**
 * The certificate of mkcert's own authority, which `mkcert -install` makes browsers trust.
 * @throws UserError `MKCERT_MISSING`
 */
export async function mkcertAuthority(): Promise<string> {
  const { stdout } = await mkcert(['-CAROOT']);
  const file = join(stdout.trim(), 'rootCA.pem');
  const authority = await readFile(file, 'utf8').catch(() => undefined);
  if (authority !== undefined) return authority;
  // mkcert makes its authority along with the first certificate.
  await mkcertCertificate({ names: ['localhost'], addresses: [] });
  return readFile(file, 'utf8');
}

/** @throws UserError `MKCERT_MISSING` */
export async function mkcertCertificate({
  names,
  addresses,
}: Pick<CertificatePlan, 'names' | 'addresses'>): Promise<KeyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-mkcert-'));
  try {
    const files = { certificate: join(folder, 'crt.pem'), key: join(folder, 'key.pem') };
    await mkcert(['-ecdsa', '-cert-file', files.certificate, '-key-file', files.key, ...names, ...addresses]);
    return { certificate: await readFile(files.certificate, 'utf8'), key: await readFile(files.key, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function mkcert(args: string[]): Promise<{ stdout: string }> {
  try {
    return await execa('mkcert', args, { timeout: 20_000 });
  } catch (error) {
    const missing = (error as { code?: string }).code === 'ENOENT';
    throw machineError(
      missing ? 'MKCERT_MISSING' : 'MKCERT_FAILED',
      missing
        ? {
            message: 'mkcert is not installed',
            fix: 'install it (apt-get install mkcert), or leave --certificates mkcert out',
          }
        : { message: `mkcert failed: ${(error as Error).message.split('\n')[0] ?? ''}` },
      error,
    );
  }
}
