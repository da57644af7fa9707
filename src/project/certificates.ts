import { readFile } from 'node:fs/promises';
import type { CertificatePlan, Plan } from '../plan/types.ts';
import type { ProjectFolder } from './folder.ts';
import type { KeyPair } from './pki.ts';
import { makeAuthority, makeCertificate, readCertificate, signedBy } from './pki.ts';
import { mkcertAuthority, mkcertCertificate } from './mkcert.ts';
import { uidOf } from './secrets.ts';
import type { ProjectFile } from './write.ts';

/** A certificate that ends within this many days is made anew. */
export const renewBeforeDays = 7;
const day = 86_400_000;

/** The certificates of a project: those that still fit stay, the others are made. */
export async function certificateFiles(plan: Plan, folder: ProjectFolder, now: Date): Promise<ProjectFile[]> {
  const authority = await labAuthority(plan, folder, now);
  const anchors = [authority.certificate];
  const files: ProjectFile[] = [{ path: 'secrets/ca/ca.key', content: authority.key, secretOf: process.getuid?.() ?? 0 }];
  for (const certificate of plan.certificates) {
    const issuer = await issuerOf(plan, certificate, authority);
    const kept = await keptPair(certificate, folder);
    const pair = kept !== undefined && (await fits(kept, certificate, issuer, now)) ? kept : await issuer.issue(certificate, now);
    const anchor = issuer.anchor ?? pair.certificate;
    if (!anchors.includes(anchor)) anchors.unshift(anchor);
    files.push(...layOut(certificate, pair, uidOf(plan, certificate.service)));
  }
  return [{ path: 'pki/ca.pem', content: anchors.join('') }, ...files];
}

/** Who signs: `anchor` is undefined where a certificate signs itself. */
interface Issuer {
  anchor: string | undefined;
  issue(certificate: CertificatePlan, now: Date): Promise<KeyPair>;
}

/** `--certificates` decides who signs the site's certificate; the services among themselves use the lab's CA. */
async function issuerOf(plan: Plan, certificate: CertificatePlan, authority: KeyPair): Promise<Issuer> {
  const source = certificate.name === 'site' ? plan.settings.certificates : 'lab-ca';
  if (source === 'mkcert') return { anchor: await mkcertAuthority(), issue: mkcertCertificate };
  if (source === 'self-signed') return { anchor: undefined, issue: (wanted, now) => makeCertificate(wanted, undefined, now) };
  return { anchor: authority.certificate, issue: (wanted, now) => makeCertificate(wanted, authority, now) };
}

async function labAuthority(plan: Plan, folder: ProjectFolder, now: Date): Promise<KeyPair> {
  const key = await text(folder.authorityKey);
  const bundle = (await text(folder.authority)) ?? '';
  const name = authorityName(plan);
  const certificate = certificatesIn(bundle).find((pem) => readCertificate(pem).issuer === `CN=${name}`);
  const lasts = certificate !== undefined && readCertificate(certificate).notAfter.getTime() > now.getTime() + 400 * day;
  return key !== undefined && certificate !== undefined && lasts ? { certificate, key } : makeAuthority(name, now);
}

function authorityName(plan: Plan): string {
  return `lab CA of ${plan.settings.project}`;
}

async function keptPair(certificate: CertificatePlan, folder: ProjectFolder): Promise<KeyPair | undefined> {
  const file = (name: string): Promise<string | undefined> => text(folder.secret(certificate.service, name));
  if (certificate.layout === 'bundle') {
    const bundle = (await file(`${certificate.name}.pem`)) ?? '';
    const [first] = certificatesIn(bundle);
    const key = /-----BEGIN (?:EC |RSA )?PRIVATE KEY-----[\s\S]*?-----END (?:EC |RSA )?PRIVATE KEY-----\n?/.exec(bundle)?.[0];
    return first === undefined || key === undefined ? undefined : { certificate: first, key };
  }
  const [crt, key] = await Promise.all([file(`${certificate.name}.crt`), file(`${certificate.name}.key`)]);
  return crt === undefined || key === undefined ? undefined : { certificate: crt, key };
}

async function fits(pair: KeyPair, wanted: CertificatePlan, issuer: Issuer, now: Date): Promise<boolean> {
  try {
    const facts = readCertificate(pair.certificate);
    const names = [...wanted.names, ...wanted.addresses];
    const sameNames = names.length === facts.names.length && names.every((name) => facts.names.includes(name));
    const lasts = facts.notAfter.getTime() - now.getTime() > renewBeforeDays * day;
    const signed = issuer.anchor === undefined ? facts.selfSigned : !facts.selfSigned && (await signedBy(pair.certificate, issuer.anchor));
    return sameNames && lasts && signed;
  } catch {
    return false;
  }
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
