import { isSecure } from '../../plan/site.ts';
import { siteCertificate } from '../changes/certificate.ts';
import { issued } from '../changes/issued.ts';
import type { Fault } from '../fault.ts';

export const wrongName: Fault = {
  name: 'tls-wrong-name',
  part: 'tls',
  title: 'The site’s certificate is for another name',
  difficulty: 1,
  visitor: 'The browser warns that the certificate is for another site.',
  felt: true,
  checks: ['tls.names', 'balancing.site-answers', 'monitoring.outside-probe'],
  alert: { name: 'CertificateUntrusted', withinSeconds: 20 },
  hints: [
    'Read what the browser says about the certificate.',
    'A certificate names the sites that it is for.',
    '`openssl x509 -noout -ext subjectAltName` on what the balancer shows.',
  ],
  needs: ['balancer'],
  fits: (plan) => isSecure(plan.lab),
  changes: (plan) =>
    siteCertificate(plan, (certificate, authority) =>
      issued({ ...certificate, commonName: 'www.example.org', names: ['www.example.org'], addresses: [] }, authority),
    ),
};
