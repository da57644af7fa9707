import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface TestAuthority {
  ca: string;
  /** Certificate and key of a server with these names. */
  issue(names: readonly string[]): Promise<{ cert: string; key: string }>;
}

const crypto = webcrypto as unknown as Crypto;
const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};

/** A certificate authority that lives as long as a test. RSA, as TLS 1.0 and 1.1 are tried with it too. */
export async function testAuthority(): Promise<TestAuthority> {
  x509.cryptoProvider.set(crypto);
  const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const dates = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    serialNumber: '01',
    name: 'CN=test CA',
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  return {
    ca: root.toString('pem'),
    issue: async (names) => {
      const own = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
      const leaf = await x509.X509CertificateGenerator.create({
        ...dates,
        serialNumber: '02',
        subject: `CN=${names[0] ?? ''}`,
        issuer: root.subject,
        signingAlgorithm: algorithm,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
      });
      const key = await crypto.subtle.exportKey('pkcs8', own.privateKey);
      return { cert: leaf.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
    },
  };
}
