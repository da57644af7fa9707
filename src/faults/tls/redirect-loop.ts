import { isSecure } from '../../plan/site.ts';
import { balancing } from '../changes/balancing.ts';
import { before } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const redirectLoop: Fault = {
  name: 'tls-redirect-loop',
  part: 'tls',
  title: 'The balancer sends visitors who came by HTTPS to HTTPS again, and again',
  difficulty: 1,
  visitor: 'The browser says that the page redirects too often.',
  felt: true,
  checks: ['balancing.site-answers', 'monitoring.outside-probe', 'hardening.configuration-intact'],
  alert: { name: 'SiteDown', withinSeconds: 20 },
  hints: [
    'An answer comes, and it is always the same.',
    'Follow the redirects with `curl -I`: where to?',
    'There is a redirect in the frontend https of haproxy.cfg.',
  ],
  needs: ['balancer'],
  fits: (plan) => isSecure(plan.lab),
  changes: (plan) =>
    balancing(
      plan,
      before(
        /^ {2}default_backend servers/,
        '  http-request redirect code 301 location https://%[req.hdr(host)]%[pathq]',
      ),
    ),
};
