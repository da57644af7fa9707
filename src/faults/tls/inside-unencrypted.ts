import { balancing } from '../changes/balancing.ts';
import { servicesOf } from '../../checks/services.ts';
import { isMutual } from '../../plan/inside.ts';
import { stacksOf } from '../../plan/stacks.ts';
import { configuration } from '../changes/configuration.ts';
import { replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

/** TLS 1.2 with certificates and without encryption (RFC 4492, section 6); OpenSSL has it at security level 0 only. */
const cipher = 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0';

export const insideUnencrypted: Fault = {
  name: 'tls-inside-unencrypted',
  part: 'tls',
  title: 'Balancer and servers agree on a cipher that encrypts nothing',
  difficulty: 3,
  visitor: 'Nothing.',
  felt: false,
  checks: ['tls.secret-unseen', 'hardening.configuration-intact'],
  alert: { name: 'FileIntegrity', withinSeconds: 60 },
  hints: [
    'There is TLS, with certificates on both sides. Is that all?',
    'Listen in the servers’ zone while you send something that you will recognise.',
    'A NULL cipher authenticates and does not encrypt: `ciphers` in haproxy.cfg, `ssl_ciphers` in nginx.conf.',
  ],
  needs: ['balancer', 'web'],
  // The others refuse such a cipher, whatever they are told.
  fits: (plan) => isMutual(plan.lab) && stacksOf(plan.lab).every(({ process }) => process === 'nginx'),
  changes: (plan) => [
    ...servicesOf(plan, 'web').map(({ name }) =>
      configuration(
        name,
        'nginx.conf',
        replace('ssl_verify_client on;', `ssl_verify_client on; ssl_ciphers ${cipher};`),
        {
          process: 'nginx',
        },
      ),
    ),
    ...balancing(plan, replace(/ ssl verify required/g, ` ssl ssl-max-ver TLSv1.2 ciphers ${cipher} verify required`)),
  ],
};
