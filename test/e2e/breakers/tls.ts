import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import * as x509 from '@peculiar/x509';
import { projectFolder } from '../../../src/project/folder.ts';
import type { CertificatePlan } from '../../../src/plan/types.ts';
import { first, runChanged, runUnchanged, shell, type Configured } from './inside.ts';
import type { Breaker, LabUnderTest } from './types.ts';

const haproxy = (lab: LabUnderTest): Configured => ({
  service: first(lab, 'balancer'),
  process: 'haproxy',
  file: 'haproxy.cfg',
});
const mend = async (lab: LabUnderTest): Promise<void> => {
  await runUnchanged(lab, haproxy(lab));
  await shell(lab, haproxy(lab).service, 'rm -f /run/other.pem /run/openssl.cnf');
};

/** Has HAProxy run on a changed configuration. */
function configured(check: string, edit: string): Breaker {
  return { check, breakIt: (lab) => runChanged(lab, haproxy(lab), edit), mend };
}

/** Self-signed, with an RSA key of 1024 bits. */
async function weakKey(plan: CertificatePlan): Promise<string> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  x509.cryptoProvider.set(webcrypto as Crypto);
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${plan.commonName}`,
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 30 * 86_400_000),
    keys,
    signingAlgorithm: algorithm,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return `${certificate.toString('pem')}\n-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

/** OpenSSL itself refuses such a key unless it is told otherwise, which is asked of it by environment. */
const keyStrength: Breaker = {
  check: 'tls.key-strength',
  breakIt: async (lab) => {
    const { service } = haproxy(lab);
    const plan = lab.plan.certificates.find((one) => one.service === service);
    if (plan === undefined) throw new Error('no certificate');
    await shell(
      lab,
      service,
      `cat > /run/other.pem <<'END'\n${await weakKey(plan)}END
cat > /run/openssl.cnf <<'END'
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = weak
[weak]
CipherString = DEFAULT:@SECLEVEL=0
END
sed 's#/run/secrets/site.pem#/run/other.pem#; s#\\(ssl-default-bind-ciphers \\)#\\1@SECLEVEL=0:#' /etc/lab/haproxy.cfg > /run/changed-haproxy.cfg
printf '#!/bin/sh\\nexport OPENSSL_CONF=/run/openssl.cnf\\nexec haproxy -db -f /run/changed-haproxy.cfg\\n' > /run/changed-run
chmod +x /run/changed-run
mv -f /run/changed-run /run/service/haproxy/run
s6-svc -wd -T 5000 -d /run/service/haproxy
s6-svc -wu -T 5000 -u /run/service/haproxy
tries=0; until healthy || [ $((tries += 1)) -ge 40 ]; do sleep 0.05; done`,
    );
  },
  mend,
};

const siteKey = (lab: LabUnderTest): string => {
  const { service } = haproxy(lab);
  const { name = 'site', layout = 'bundle' } = lab.plan.certificates.find((one) => one.service === service) ?? {};
  return projectFolder(lab.project).secret(service, layout === 'bundle' ? `${name}.pem` : `${name}.key`);
};

export const tlsBreakers: Breaker[] = [
  keyStrength,
  configured('tls.http2', 's#alpn h2,http/1.1#alpn http/1.1#'),
  configured('tls.refuses-unknown-host', 's#unless served#if FALSE#'),
  {
    check: 'tls.key-private',
    breakIt: (lab) => chmod(siteKey(lab), 0o444),
    mend: (lab) => chmod(siteKey(lab), 0o400),
  },
];
