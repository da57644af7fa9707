import { isSecure } from '../../plan/site.ts';
import { siteCertificate } from '../changes/certificate.ts';
import { issued } from '../changes/issued.ts';
import type { Fault } from '../fault.ts';

export const expired: Fault = {
  name: 'tls-expired',
  part: 'tls',
  title: 'The site’s certificate has expired',
  difficulty: 1,
  visitor: 'The browser warns that the certificate has expired.',
  felt: true,
  checks: ['tls.dates', 'balancing.site-answers', 'monitoring.outside-probe'],
  alert: { name: 'CertificateUntrusted', withinSeconds: 20 },
  hints: [
    'Read what the browser says about the certificate.',
    'A certificate is good from one day to another.',
    '`openssl x509 -noout -dates` on what the balancer shows.',
  ],
  needs: ['balancer'],
  fits: (plan) => isSecure(plan.lab),
  changes: (plan) =>
    siteCertificate(plan, (certificate, authority) => issued(certificate, authority, { daysAgo: 100, days: 90 })),
};
