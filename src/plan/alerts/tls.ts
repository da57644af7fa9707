import type { AlertRule, RuleInput } from './rule.ts';
import { has } from './rule.ts';

const answers = 'and on () probe_success{instance="unverified",job="site"} == 1';

/** Certificate, redirect and protocol, as the outside probe sees them. */
export function tls(input: RuleInput): AlertRule[] {
  return [...(has(input, 'prober') ? probed : []), ...(has(input, 'balancer') ? counted : [])];
}

const probed: AlertRule[] = [
  {
    alert: 'CertificateEndsSoon',
    expr: 'probe_ssl_earliest_cert_expiry{instance="unverified",job="site"} - time() < 7 * 86400',
    forSeconds: 0,
    severity: 'warning',
    labels: { instance: 'site' },
    summary: 'The certificate of {{ $labels.target }} ends in {{ $value | humanizeDuration }}',
    description: '`lab up` renews a certificate that ends within a week.',
  },
  {
    alert: 'CertificateUntrusted',
    expr: `probe_success{instance="site",job="site"} == 0 ${answers}`,
    // The two probes do not look at the same moment: after an outage one is back before the other.
    forSeconds: 6,
    severity: 'critical',
    summary: 'Visitors do not trust the certificate of {{ $labels.target }}',
    description:
      'The page comes only to those who do not verify: the certificate has ended, has another name, or no way to the CA.',
  },
  {
    alert: 'RedirectBroken',
    expr: `probe_success{instance="redirect",job="site"} == 0 ${answers}`,
    forSeconds: 6,
    severity: 'warning',
    summary: '{{ $labels.target }} does not lead to HTTPS',
    description: 'The site answers over HTTPS, but HTTP does not answer 301 with an https:// address.',
  },
  {
    alert: 'HstsMissing',
    expr: `probe_success{instance="hsts",job="site"} == 0 ${answers}`,
    forSeconds: 6,
    severity: 'warning',
    summary: '{{ $labels.target }} does not ask browsers to stay with HTTPS',
    description: 'The answer has no Strict-Transport-Security header with a max-age above 0 (RFC 6797).',
  },
  {
    alert: 'OldTlsAccepted',
    expr: 'probe_success{instance="old-tls",job="site"} == 1',
    forSeconds: 0,
    severity: 'critical',
    summary: '{{ $labels.target }} accepts TLS below 1.2',
    description: 'A handshake with TLS 1.0 or 1.1 came to its end. Both are deprecated (RFC 8996).',
  },
];

const counted: AlertRule[] = [
  {
    alert: 'OldTlsHandshakes',
    expr: 'sum by (instance, zone) (increase(tls_old_handshakes_total[30s])) > 2',
    forSeconds: 0,
    severity: 'info',
    summary: 'Somebody tries TLS below 1.2 at {{ $labels.instance }}',
    description: '{{ $value | humanize }} handshakes below TLS 1.2 in 30 seconds, refused ones included.',
  },
];
