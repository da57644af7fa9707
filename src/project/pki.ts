import 'reflect-metadata';
import { X509Certificate, createHash, createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { CertificatePlan } from '../plan/types.ts';

x509.cryptoProvider.set(webcrypto as Crypto);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;
/** Clocks differ: a certificate is valid from an hour before it is made. */
const backdated = 3_600_000;

/** A certificate and its key, as PEM text. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/** What an authority signs with. */
interface Signer {
  subject: string;
  publicKey: x509.PublicKey;
  key: CryptoKey;
}

/** One that was made just now need not read its key back from the text. */
export interface Authority extends KeyPair {
  signer?: Signer;
}

/** Makes a certificate authority that lasts ten years and signs leaf certificates only. */
export async function makeAuthority(name: string, now: Date): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    notBefore: new Date(now.getTime() - backdated),
    notAfter: new Date(now.getTime() + 3650 * day),
    keys: keys as CryptoKeyPair,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as CryptoKey),
    ],
  });
  const { subject, publicKey } = certificate;
  return {
    certificate: withNewline(certificate.toString('pem')),
    key: await exportKey(keys.privateKey),
    signer: { subject, publicKey, key: keys.privateKey as CryptoKey },
  };
}

async function signerOf({ certificate, key }: KeyPair): Promise<Signer> {
  const { subject, publicKey } = new x509.X509Certificate(certificate);
  return { subject, publicKey, key: await importKey(key) };
}

/** Makes a leaf certificate: signed by `authority`, or by itself where there is none. */
export async function makeCertificate(
  plan: CertificatePlan,
  authority: Authority | undefined,
  now: Date,
): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const signer = authority && (authority.signer ?? (await signerOf(authority)));
  const subject = `CN=${plan.commonName}`;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: signer?.subject ?? subject,
    notBefore: new Date(now.getTime() - backdated),
    notAfter: new Date(now.getTime() + plan.days * day),
    publicKey: keys.publicKey as CryptoKey,
    signingKey: signer?.key ?? (keys.privateKey as CryptoKey),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(extendedUsages[plan.use].map((usage) => x509.ExtendedKeyUsage[usage])),
      new x509.SubjectAlternativeNameExtension([
        ...plan.names.map((value) => ({ type: 'dns' as const, value })),
        ...plan.addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as CryptoKey),
      ...(signer === undefined ? [] : [await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey)]),
    ],
  });
  return { certificate: withNewline(certificate.toString('pem')), key: await exportKey(keys.privateKey) };
}

const extendedUsages = {
  server: ['serverAuth'],
  client: ['clientAuth'],
  both: ['serverAuth', 'clientAuth'],
} as const;

/** RFC 5280 asks for a positive serial number of at most 20 octets. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return withNewline(x509.PemConverter.encode(der, 'PRIVATE KEY'));
}

async function importKey(pem: string): Promise<CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  if (der === undefined) throw new RangeError('no key in the PEM text');
  return (await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])) as CryptoKey;
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** What of a certificate decides whether it can stay. */
export interface CertificateFacts {
  names: readonly string[];
  notBefore: Date;
  notAfter: Date;
  issuer: string;
  fingerprint: string;
}

/** @throws Error when the text is not a PEM certificate */
export function readCertificate(pem: string): CertificateFacts & { selfSigned: boolean } {
  const certificate = new x509.X509Certificate(firstCertificate(pem));
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  return {
    names: names.map(({ value }) => value),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    issuer: certificate.issuer,
    fingerprint: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('hex'),
    selfSigned: certificate.issuer === certificate.subject,
  };
}

/** Whether certificate and key belong together. A writing that is cut off may leave the halves of two pairs. */
export function isPair({ certificate, key }: KeyPair): boolean {
  try {
    return new X509Certificate(firstCertificate(certificate)).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** Whether `certificate` was signed by `authority`. */
export async function signedBy(certificate: string, authority: string): Promise<boolean> {
  const { publicKey } = new x509.X509Certificate(firstCertificate(authority));
  return new x509.X509Certificate(firstCertificate(certificate)).verify({ publicKey, signatureOnly: true });
}

function firstCertificate(pem: string): string {
  return /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(pem)?.[0] ?? pem;
}
