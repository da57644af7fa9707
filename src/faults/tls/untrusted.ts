import { isSecure } from '../../plan/site.ts';
import { siteCertificate } from '../changes/certificate.ts';
import { issued } from '../changes/issued.ts';
import type { Fault } from '../fault.ts';

export const untrusted: Fault = {
  name: 'tls-untrusted',
  part: 'tls',
  title: 'The site’s certificate is signed by nobody whom visitors trust',
  difficulty: 1,
  visitor: 'The browser warns that it does not know who issued the certificate.',
  felt: true,
  checks: ['tls.chain', 'balancing.site-answers', 'monitoring.outside-probe'],
  alert: { name: 'CertificateUntrusted', withinSeconds: 20 },
  hints: [
    'Name and dates are right. Who says so?',
    'Trust needs a chain to an authority that the visitor knows.',
    'Compare the issuer of what the balancer shows with pki/ca.pem: `openssl x509 -noout -issuer`.',
  ],
  needs: ['balancer'],
  fits: (plan) => isSecure(plan.lab),
  changes: (plan) => siteCertificate(plan, (certificate) => issued(certificate, undefined)),
};
