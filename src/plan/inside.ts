import type { Lab } from '../lab/schema.ts';
import type { CertificatePlan } from './types.ts';

/** Whether both sides show a certificate wherever two services of the site talk to each other. */
export function isMutual({ tls }: Pick<Lab, 'tls'>): boolean {
  return tls.inside === 'mutual';
}

/** The port where a server takes the balancer's requests. */
export function serverPort(lab: Pick<Lab, 'tls'>): number {
  return isMutual(lab) ? 443 : 80;
}

/** What the application is called towards the databases, whichever server it runs on. */
export const applicationName = 'application';

/** The certificate by which a service is known to those who ask it. */
export function serverCertificate(lab: Lab, service: string): CertificatePlan {
  const days = lab.tls.certificateDays;
  return {
    name: 'server',
    service,
    commonName: service,
    names: [service],
    addresses: [],
    days,
    use: 'server',
    layout: 'pair',
  };
}

/** A certificate that a service shows to those whom it asks. */
export function clientCertificate(
  lab: Lab,
  service: string,
  { name, commonName, layout }: Pick<CertificatePlan, 'name' | 'commonName' | 'layout'>,
): CertificatePlan {
  const days = lab.tls.certificateDays;
  return { name, service, commonName, names: [commonName], addresses: [], days, use: 'client', layout };
}
