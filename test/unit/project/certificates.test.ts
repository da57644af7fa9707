import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../../src/plan/types.ts';
import { certificateFiles } from '../../../src/project/certificates.ts';
import type { ProjectFolder } from '../../../src/project/folder.ts';
import { referenceLab } from '../plan/settings.ts';
import { daysLater, emptyFolder, now, planOf } from './a-project.ts';

/** Makes the certificates and writes them where they are looked for the next time. */
async function certify(folder: ProjectFolder, plan: Plan = planOf(), at: Date = now): Promise<Map<string, string>> {
  const files = await certificateFiles(plan, folder, at);
  for (const { path, content } of files) await put(`${folder.root}/${path}`, content);
  return new Map(files.map(({ path, content }) => [path, content]));
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

const certificateIn = (files: Map<string, string>, path: string): X509Certificate =>
  new X509Certificate(files.get(path) ?? '');
const site = 'secrets/balancer/site.pem';
const database = 'secrets/db-primary/server.crt';

function changed(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...after].filter(([path, content]) => before.get(path) !== content).map(([path]) => path);
}

/** Basic constraints in DER (RFC 5280, 4.2.1.9): critical, and an empty sequence, which says that it may not sign. */
const notAnAuthority = '0603551d130101ff04023000';

/** The RFC 5280 purposes of a certificate, by their object identifiers. */
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';

describe('the lab CA', () => {
  it('signs what the services show, and nothing else may sign', async () => {
    const files = await certify(await emptyFolder());
    const authority = certificateIn(files, 'pki/ca.pem');
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(authority.subject).toBe('CN=lab CA of demo');
    for (const path of [site, database, 'secrets/db-replica/server.crt']) {
      const leaf = certificateIn(files, path);
      expect(leaf.ca).toBe(false);
      expect(leaf.raw.toString('hex')).toContain(notAnAuthority);
      expect(leaf.checkIssued(authority)).toBe(true);
      expect(leaf.verify(authority.publicKey)).toBe(true);
      const key = path === site ? (files.get(path) ?? '') : (files.get(path.replace('.crt', '.key')) ?? '');
      expect(leaf.checkPrivateKey(createPrivateKey(key.slice(key.indexOf('-----BEGIN PRIVATE'))))).toBe(true);
    }
  });

  it('is no other CA’s twin: two projects do not trust each other', async () => {
    const one = await certify(await emptyFolder());
    const other = await certify(await emptyFolder());
    expect(certificateIn(one, site).verify(certificateIn(other, 'pki/ca.pem').publicKey)).toBe(false);
  });
});

describe('certificates', () => {
  it('carry the right names, dates and purposes', async () => {
    const files = await certify(await emptyFolder());
    const leaf = certificateIn(files, site);
    expect(leaf.subjectAltName?.split(', ').sort()).toEqual([
      'DNS:foobar.com',
      'DNS:localhost',
      'DNS:www.foobar.com',
      'IP Address:127.0.0.1',
    ]);
    expect(leaf.keyUsage).toEqual([serverAuth]);
    expect(certificateIn(files, database).keyUsage).toEqual([serverAuth, clientAuth]);
    expect(certificateIn(files, database).subjectAltName).toBe('DNS:db-primary');
    expect(new Date(leaf.validFrom)).toEqual(new Date(now.getTime() - 3_600_000));
    expect(new Date(leaf.validTo)).toEqual(daysLater(90));
    expect(leaf.serialNumber).toMatch(/^[0-7][0-9A-F]{1,39}$/);
  });

  it('stay as long as they last for more than a week', async () => {
    const folder = await emptyFolder();
    const first = await certify(folder);
    expect(changed(first, await certify(folder, planOf(), daysLater(82.9)))).toEqual([]);
  });

  it('are renewed in their last week, by the same CA', async () => {
    const folder = await emptyFolder();
    const first = await certify(folder);
    const second = await certify(folder, planOf(), daysLater(83.1));
    expect(second.get('pki/ca.pem')).toBe(first.get('pki/ca.pem'));
    expect(second.get('secrets/ca/ca.key')).toBe(first.get('secrets/ca/ca.key'));
    expect(changed(first, second)).toHaveLength(5);
    expect(new Date(certificateIn(second, site).validTo)).toEqual(daysLater(83.1 + 90));
  });

  it('are made anew when the clock was wrong and they are not valid yet', async () => {
    const folder = await emptyFolder();
    const first = await certify(folder);
    await put(`${folder.root}/${site}`, '');
    const early = await certify(folder, planOf(), daysLater(30));
    const second = await certify(folder);
    expect(changed(early, second)).toEqual([site]);
    expect(second.get('pki/ca.pem')).toBe(first.get('pki/ca.pem'));
    expect(new Date(certificateIn(second, site).validTo)).toEqual(daysLater(90));
  });

  it('are made anew when their names change, and only those', async () => {
    const folder = await emptyFolder();
    const first = await certify(folder);
    const plan = planOf({ site: { domain: 'www.example.org', aliases: [] } });
    const second = await certify(folder, plan);
    expect(changed(first, second)).toEqual([site]);
    expect(certificateIn(second, site).checkHost('www.example.org')).toBe('www.example.org');
    expect(certificateIn(second, site).checkHost('www.foobar.com')).toBeUndefined();
  });

  it('are made anew when the lab wants shorter ones', async () => {
    const folder = await emptyFolder();
    await certify(folder);
    const second = await certify(folder, planOf({ tls: { ...referenceLab.tls, certificateDays: 30 } }));
    expect(new Date(certificateIn(second, site).validTo)).toEqual(daysLater(30));
  });

  it('follow a new CA, which comes with ten years, when the old one nears its end', async () => {
    const folder = await emptyFolder();
    const first = await certify(folder);
    const later = daysLater(3650 - 399);
    const second = await certify(folder, planOf(), later);
    expect(second.get('pki/ca.pem')).not.toBe(first.get('pki/ca.pem'));
    expect(certificateIn(second, site).verify(certificateIn(second, 'pki/ca.pem').publicKey)).toBe(true);
  });
});

describe('files that are not what they were', () => {
  const garbage = [
    '',
    'garbage',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  ];

  it.each(
    [site, database, 'secrets/db-primary/server.key', 'pki/ca.pem', 'secrets/ca/ca.key'].flatMap((path) =>
      garbage.map((text) => [path, text] as const),
    ),
  )('%s as %j: a set that fits together is made', async (path, text) => {
    const folder = await emptyFolder();
    const first = await certify(folder);
    await put(`${folder.root}/${path}`, text);
    const second = await certify(folder);
    expect(second.get(path)).not.toBe(text);
    const authority = certificateIn(second, 'pki/ca.pem');
    for (const leaf of [site, database]) expect(certificateIn(second, leaf).verify(authority.publicKey)).toBe(true);
    if (!/ca\./.test(path)) expect(second.get('pki/ca.pem')).toBe(first.get('pki/ca.pem'));
  });

  it('halves of two pairs, as a writing that was cut off leaves them, are made anew', async () => {
    const [folder, other] = [await emptyFolder(), await emptyFolder()];
    await certify(folder);
    const strange = await certify(other);
    for (const path of ['secrets/db-primary/server.key', 'secrets/ca/ca.key']) {
      await put(`${folder.root}/${path}`, strange.get(path) ?? '');
      const second = await certify(folder);
      const authority = certificateIn(second, 'pki/ca.pem');
      const leaf = certificateIn(second, database);
      expect(authority.checkPrivateKey(createPrivateKey(second.get('secrets/ca/ca.key') ?? ''))).toBe(true);
      expect(leaf.checkPrivateKey(createPrivateKey(second.get('secrets/db-primary/server.key') ?? ''))).toBe(true);
      expect(leaf.verify(authority.publicKey)).toBe(true);
    }
  });
});

describe('--certificates self-signed', () => {
  const selfSigned = planOf({}, { certificates: 'self-signed' });

  it('gives the site a lone certificate, and the databases the lab CA’s', async () => {
    const folder = await emptyFolder();
    const files = await certify(folder, selfSigned);
    const leaf = certificateIn(files, site);
    expect(leaf.issuer).toBe(leaf.subject);
    expect(leaf.verify(leaf.publicKey)).toBe(true);
    const anchors =
      (files.get('pki/ca.pem') ?? '').match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    expect(anchors.map((pem) => new X509Certificate(pem).fingerprint256)[0]).toBe(leaf.fingerprint256);
    const authority = new X509Certificate(anchors[1] ?? '');
    expect(certificateIn(files, database).verify(authority.publicKey)).toBe(true);
    expect(files.get('pki/inside.pem')).toBe(anchors[1]?.concat('\n'));
    expect(changed(files, await certify(folder, selfSigned))).toEqual([]);
  });

  it('and back: only the site’s certificate and the trust anchors change', async () => {
    const folder = await emptyFolder();
    const first = await certify(folder);
    expect(changed(first, await certify(folder, selfSigned)).sort()).toEqual(['pki/ca.pem', site]);
    const back = await certify(folder);
    expect(back.get('pki/ca.pem')).toBe(first.get('pki/ca.pem'));
    expect(certificateIn(back, site).verify(certificateIn(first, 'pki/ca.pem').publicKey)).toBe(true);
  });
});

describe('--certificates mkcert', () => {
  afterEach(() => vi.unstubAllEnvs());

  const there = (() => {
    try {
      execFileSync('mkcert', ['-version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  const plan = planOf({}, { certificates: 'mkcert' });

  it.skipIf(!there)(
    'gives the site a certificate of mkcert’s CA, and keeps it (skipped where mkcert is not installed)',
    async () => {
      const folder = await emptyFolder();
      vi.stubEnv('CAROOT', `${dirname(folder.root)}/caroot`);
      await mkdir(`${dirname(folder.root)}/caroot`);
      const files = await certify(folder, plan, new Date());
      const authority = new X509Certificate(await readFile(`${dirname(folder.root)}/caroot/rootCA.pem`));
      expect(certificateIn(files, site).verify(authority.publicKey)).toBe(true);
      expect(certificateIn(files, 'pki/ca.pem').fingerprint256).toBe(authority.fingerprint256);
      expect(changed(files, await certify(folder, plan, new Date()))).toEqual([]);
    },
    60_000,
  );

  it('says how to get mkcert where it is missing', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(certify(await emptyFolder(), plan)).rejects.toMatchObject({ code: 'MKCERT_MISSING', exitCode: 3 });
  });
});
