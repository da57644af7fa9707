import { isSecure } from '../../plan/site.ts';
import { balancing } from '../changes/balancing.ts';
import { all, replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const oldVersions: Fault = {
  name: 'tls-old-versions',
  part: 'tls',
  title: 'The balancer accepts TLS 1.0',
  difficulty: 2,
  visitor: 'Nothing. But old and broken encryption is accepted again.',
  felt: false,
  checks: ['tls.refuses-old', 'tls.refuses-weak-ciphers', 'hardening.configuration-intact'],
  alert: { name: 'OldTlsAccepted', withinSeconds: 25 },
  hints: [
    'Browsers notice nothing, as they ask for the best there is.',
    'What is the worst that the site agrees to?',
    'Look for ssl-min-ver and for SECLEVEL in haproxy.cfg; try `openssl s_client -tls1`.',
  ],
  needs: ['balancer'],
  fits: (plan) => isSecure(plan.lab),
  changes: (plan) =>
    balancing(
      plan,
      all(
        replace(/ssl-min-ver \S+/, 'ssl-min-ver TLSv1.0'),
        replace('ssl-default-bind-ciphers ', 'ssl-default-bind-ciphers ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0:'),
      ),
    ),
};
