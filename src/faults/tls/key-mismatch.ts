import { isSecure } from '../../plan/site.ts';
import { siteCertificate } from '../changes/certificate.ts';
import { issued } from '../changes/issued.ts';
import { withKeyOf } from '../changes/issued.ts';
import type { Fault } from '../fault.ts';

export const keyMismatch: Fault = {
  name: 'tls-key-mismatch',
  part: 'tls',
  title: 'The key beside the site’s certificate belongs to another one',
  difficulty: 2,
  visitor: 'The site does not answer at all.',
  felt: true,
  checks: [
    'tls.accepts-modern',
    'tls.redirects-http',
    'balancing.room-for-visitors',
    'balancing.servers-up',
    'balancing.statistics-for-operators',
    'monitoring.targets-up',
    'monitoring.outside-probe',
  ],
  also: ['balancing.one-holder', 'balancing.balancers-ready'],
  alert: { name: 'SiteDown', withinSeconds: 20 },
  hints: [
    'The balancer does not come up.',
    'It says why: `lab logs balancer`.',
    'A certificate is good only with its own key: compare `openssl x509 -noout -pubkey` with `openssl pkey -pubout`.',
  ],
  needs: ['balancer'],
  fits: (plan) => isSecure(plan.lab),
  changes: (plan) =>
    siteCertificate(plan, async (certificate, _, before) => withKeyOf(before, await issued(certificate, undefined))),
};
