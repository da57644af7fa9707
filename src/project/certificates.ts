import { readFile } from 'node:fs/promises';
import type { CertificatePlan, Plan } from '../plan/types.ts';
import type { ProjectFolder } from './folder.ts';
import type { Authority, KeyPair } from './pki.ts';
import { isPair, makeAuthority, makeCertificate, readCertificate, signedBy } from './pki.ts';
import { uidOf } from './secrets.ts';
import type { ProjectFile } from './write.ts';

/** A certificate that ends within this many days is made anew. */
export const renewBeforeDays = 7;
const day = 86_400_000;

/** The certificates of a project: those that still fit stay, the others are made. */
export async function certificateFiles(plan: Plan, folder: ProjectFolder, now: Date): Promise<ProjectFile[]> {
  const authority = await labAuthority(plan, folder, now);
  const anchors = [authority.certificate];
  const files: ProjectFile[] = [
    { path: 'secrets/ca/ca.key', content: authority.key, secretOf: process.getuid?.() ?? 0 },
  ];
  const made = new Map<string, KeyPair>();
  for (const certificate of plan.certificates) {
    const issuer = await issuerOf(plan, certificate, authority);
    const kept = await keptPair(certificate, folder);
    const pair =
      made.get(`${certificate.copyOf ?? ''}/${certificate.name}`) ??
      (kept !== undefined && (await fits(kept, certificate, issuer, now))
        ? kept
        : await issuer.issue(certificate, now));
    made.set(`${certificate.service}/${certificate.name}`, pair);
    const anchor = issuer.anchor ?? pair.certificate;
    if (!anchors.includes(anchor)) anchors.unshift(anchor);
    files.push(...layOut(certificate, pair, uidOf(plan, certificate.service)));
  }
  // Among themselves the services trust the lab's own CA alone, whoever vouches for the site.
  return [
    { path: 'pki/ca.pem', content: anchors.join('') },
    { path: 'pki/inside.pem', content: authority.certificate },
    ...files,
  ];
}

/** Who signs: `anchor` is undefined where a certificate signs itself. */
interface Issuer {
  anchor: string | undefined;
  /** The longest that its certificates may last: the lab says so, mkcert decides for itself. */
  mostDays: number;
  issue(certificate: CertificatePlan, now: Date): Promise<KeyPair>;
}

/** `--certificates` decides who signs the site's certificate; the services among themselves use the lab's CA. */
async function issuerOf(plan: Plan, certificate: CertificatePlan, authority: Authority): Promise<Issuer> {
  const source = certificate.name === 'site' ? plan.settings.certificates : 'lab-ca';
  if (source === 'mkcert') {
    const { mkcertAuthority, mkcertCertificate } = await import('./mkcert.ts');
    return { anchor: await mkcertAuthority(), mostDays: Infinity, issue: mkcertCertificate };
  }
  if (source === 'self-signed')
    return {
      anchor: undefined,
      mostDays: certificate.days,
      issue: (wanted, now) => makeCertificate(wanted, undefined, now),
    };
  return {
    anchor: authority.certificate,
    mostDays: certificate.days,
    issue: (wanted, now) => makeCertificate(wanted, authority, now),
  };
}

/** It has to outlast every certificate that it signs, 397 days at most. */
const authorityLastsDays = 400;

async function labAuthority(plan: Plan, folder: ProjectFolder, now: Date): Promise<Authority> {
  const name = authorityName(plan);
  const [key, bundle = ''] = await Promise.all([text(folder.authorityKey), text(folder.authority)]);
  const kept = certificatesIn(bundle).map((certificate) => ({ certificate, key: key ?? '' }));
  const fitting = kept.find((pair) => isPair(pair) && isAuthority(pair.certificate, name, now));
  return fitting ?? makeAuthority(name, now);
}

function isAuthority(certificate: string, name: string, now: Date): boolean {
  const { issuer, notBefore, notAfter } = readCertificate(certificate);
  return issuer === `CN=${name}` && notBefore <= now && notAfter.getTime() > now.getTime() + authorityLastsDays * day;
}

function authorityName(plan: Plan): string {
  return `lab CA of ${plan.settings.project}`;
}

async function keptPair(certificate: CertificatePlan, folder: ProjectFolder): Promise<KeyPair | undefined> {
  const file = (name: string): Promise<string | undefined> => text(folder.secret(certificate.service, name));
  if (certificate.layout === 'bundle') {
    const bundle = (await file(`${certificate.name}.pem`)) ?? '';
    const [first] = certificatesIn(bundle);
    const key = /-----BEGIN (?:EC |RSA )?PRIVATE KEY-----[\s\S]*?-----END (?:EC |RSA )?PRIVATE KEY-----\n?/.exec(
      bundle,
    )?.[0];
    return first === undefined || key === undefined ? undefined : { certificate: first, key };
  }
  const [crt, key] = await Promise.all([file(`${certificate.name}.crt`), file(`${certificate.name}.key`)]);
  return crt === undefined || key === undefined ? undefined : { certificate: crt, key };
}

async function fits(pair: KeyPair, wanted: CertificatePlan, issuer: Issuer, now: Date): Promise<boolean> {
  if (!isPair(pair)) return false;
  const { names, notBefore, notAfter, selfSigned } = readCertificate(pair.certificate);
  const wantedNames = [...wanted.names, ...wanted.addresses];
  const sameNames = wantedNames.length === names.length && wantedNames.every((name) => names.includes(name));
  const lasts = notBefore <= now && notAfter.getTime() - now.getTime() > renewBeforeDays * day;
  const tooLong = notAfter.getTime() - notBefore.getTime() > (issuer.mostDays + 1) * day;
  if (!sameNames || !lasts || tooLong) return false;
  return issuer.anchor === undefined ? selfSigned : !selfSigned && (await signedBy(pair.certificate, issuer.anchor));
}

function layOut({ name, service, layout }: CertificatePlan, pair: KeyPair, uid: number): ProjectFile[] {
  const path = (file: string): string => `secrets/${service}/${file}`;
  if (layout === 'bundle') return [{ path: path(`${name}.pem`), content: pair.certificate + pair.key, secretOf: uid }];
  return [
    { path: path(`${name}.crt`), content: pair.certificate, secretOf: uid },
    { path: path(`${name}.key`), content: pair.key, secretOf: uid },
  ];
}

function certificatesIn(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g) ?? [];
}

async function text(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
