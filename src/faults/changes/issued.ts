import { makeCertificate, type Authority } from '../../project/pki.ts';
import type { CertificatePlan } from '../../plan/types.ts';

const dayMs = 86_400_000;

/** A certificate and its key as the balancer wants them, in one PEM. Without an authority it signs itself. */
export async function issued(
  plan: CertificatePlan,
  authority: Authority | undefined,
  { daysAgo = 0, days = plan.days }: { daysAgo?: number; days?: number } = {},
): Promise<string> {
  const pair = await makeCertificate({ ...plan, days }, authority, new Date(Date.now() - daysAgo * dayMs));
  return pair.certificate + pair.key;
}

/** The certificate of one PEM with the key of another. */
export function withKeyOf(certificate: string, key: string): string {
  const pick = (pem: string, pattern: RegExp): string => (pem.match(pattern) ?? []).join('');
  return (
    pick(certificate, /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/g) +
    pick(key, /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----\n/g)
  );
}
