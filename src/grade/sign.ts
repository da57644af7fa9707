import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import * as z from 'zod';
import { inputError } from '../errors.ts';
import { canonicalJson } from './canonical-json.ts';

/** Kept beside what it signs, as `result.json.sig`. */
export const signatureSchema = z.strictObject({
  algorithm: z.literal('ed25519'),
  /** Which key: `sha256:` and the digest of its public part (SubjectPublicKeyInfo, DER) in hexadecimal digits. */
  key: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** Base64, over the canonical JSON of the document. */
  signature: z.base64().length(88),
});
export type Signature = z.output<typeof signatureSchema>;

/** A new Ed25519 key (RFC 8032) as PEM: PKCS #8 and SubjectPublicKeyInfo. */
export function generateKey(): { privatePem: string; publicPem: string; fingerprint: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprint(publicKey),
  };
}

/** Signs a document. @param file where the key was read, for errors @throws UserError KEY_INVALID */
export function signDocument(document: unknown, privatePem: string, file: string): Signature {
  const key = readKey(() => createPrivateKey(privatePem), 'private', file);
  return {
    algorithm: 'ed25519',
    key: fingerprint(createPublicKey(key)),
    signature: sign(null, Buffer.from(canonicalJson(document)), key).toString('base64'),
  };
}

/** `other-key`: it names another key than the one that verifies. */
export type Verdict = 'matches' | 'differs' | 'other-key';

/** Whether a document is what was signed with this key. */
export function verifyDocument(document: unknown, signature: Signature, key: KeyObject): Verdict {
  if (signature.key !== fingerprint(key)) return 'other-key';
  const bytes = Buffer.from(signature.signature, 'base64');
  return verify(null, Buffer.from(canonicalJson(document)), key, bytes) ? 'matches' : 'differs';
}

/** The key that verifies. @param file where it was read, for errors @throws UserError KEY_INVALID */
export function publicKeyOf(publicPem: string, file: string): KeyObject {
  // createPublicKey would take a private key too: then somebody is about to give it away.
  if (publicPem.includes('PRIVATE KEY'))
    throw inputError('KEY_INVALID', {
      message: 'this is a private key',
      expected: 'the public one, whose name ends in .pub',
      where: { file },
    });
  return readKey(() => createPublicKey(publicPem), 'public', file);
}

function readKey(read: () => KeyObject, kind: 'private' | 'public', file: string): KeyObject {
  const wrong = (found: string, cause?: unknown): Error =>
    inputError(
      'KEY_INVALID',
      {
        message: `this is no ${kind} key for results`,
        expected: `an Ed25519 ${kind} key in PEM`,
        found,
        where: { file },
        fix: '`lab results key --out FILE` makes one, and FILE.pub with it',
      },
      cause,
    );
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    throw wrong('something else', error);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw wrong(`a key of type ${key.asymmetricKeyType ?? 'unknown'}`);
  return key;
}

function fingerprint(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(der).digest('hex')}`;
}
