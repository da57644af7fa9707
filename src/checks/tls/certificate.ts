import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { Plan } from '../../plan/types.ts';
import type { CertificateFacts, TlsHandshake, TlsOutcome } from '../../probe/operations/tls.ts';
import { failed, verdict, type Observation } from '../check.ts';
import { few } from '../words.ts';
import { handshake, openssl, usualHandshake, type TlsCheck } from './visitor.ts';

const day = 86_400_000;
const leastDays = 7;
/** A name that no certificate here is for (RFC 2606). */
const wrongName = 'www.example.org';

export function certificateChecks(plan: Plan): TlsCheck[] {
  return [chain(plan), names(plan), dates(plan), keyStrength(plan)];
}

function chain(plan: Plan): TlsCheck {
  return {
    id: 'tls.chain',
    title: 'The certificate leads to the lab’s CA',
    points: 2,
    expected: 'the chain that the site sends verifies against pki/ca.pem',
    reproduce: openssl(plan, `-CAfile .lab/${plan.settings.project}/pki/ca.pem -verify_return_error`),
    hint: 'A browser trusts a certificate only by way of an authority it knows already: the site must send its own certificate and all between it and that authority.',
    run: async (context) =>
      judge(await usualHandshake(context), ({ authorizationError, certificate, chainLength }) => {
        // Whose name it bears, and when it is valid, are other checks.
        const good =
          authorizationError === null || /ALTNAME|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/.test(authorizationError);
        return verdict(
          good,
          `issued by ${certificate.issuer} to ${certificate.subject}, chain of ${chainLength}${good ? '' : `: ${authorizationError ?? ''}`}`,
        );
      }),
  };
}

function names(plan: Plan): TlsCheck {
  const { domain, aliases } = plan.lab.site;
  const wanted = [domain, ...aliases];
  return {
    id: 'tls.names',
    title: 'The certificate is for the site’s names, and for no other',
    points: 2,
    expected: `valid for ${wanted.join(' and ')}, and not for ${wrongName}`,
    reproduce: openssl(plan, '| openssl x509 -noout -ext subjectAltName').replace(' </dev/null', ''),
    hint: 'Clients read the subject alternative names, not the common name (RFC 9110, 4.3.4): every name visitors use must be among them.',
    run: async (context) => {
      const outcomes = await Promise.all(
        [...wanted, wrongName].map((servername) => handshake(context, { servername })),
      );
      const refused = outcomes.find((outcome) => !outcome.ok);
      if (refused !== undefined) return judge(refused, () => failed(''));
      const seen = outcomes as TlsHandshake[];
      const words = wanted.filter((name, index) => isForAnother(seen[index], name)).map((name) => `not for ${name}`);
      if (!isForAnother(seen.at(-1), wrongName)) words.push(`valid for ${wrongName} too`);
      return verdict(
        words.length === 0,
        `${few(seen[0]?.certificate.names ?? [])}${words.length === 0 ? '' : `: ${words.join(', ')}`}`,
      );
    },
  };
}

/** By Node's own rules for names, whatever else is wrong with the certificate: only the name is asked here. */
function isForAnother(seen: TlsHandshake | undefined, name: string): boolean {
  const { names = [] } = seen?.certificate ?? {};
  const certificate = { subject: {}, subjectaltname: names.join(', ') } as unknown as PeerCertificate;
  return checkServerIdentity(name, certificate) !== undefined;
}

function dates(plan: Plan): TlsCheck {
  return {
    id: 'tls.dates',
    title: 'The certificate is valid today, and for some time to come',
    points: 1,
    expected: `valid now, with more than ${leastDays} days left`,
    reproduce: openssl(plan, '| openssl x509 -noout -dates').replace(' </dev/null', ''),
    hint: '`lab up` makes a new certificate when less than a week is left. Sites go down by certificates that nobody renewed.',
    run: async (context) =>
      judge(await usualHandshake(context), ({ certificate: { notBefore, notAfter } }) => {
        const left = (Date.parse(notAfter) - Date.now()) / day;
        const good = Date.parse(notBefore) <= Date.now() && left > leastDays;
        return verdict(good, `from ${notBefore} to ${notAfter}, ${left.toFixed(1)} days left`);
      }),
  };
}

function keyStrength(plan: Plan): TlsCheck {
  return {
    id: 'tls.key-strength',
    title: 'The certificate’s key is strong enough',
    points: 1,
    expected: 'an elliptic-curve key of at least 256 bits, or an RSA key of at least 2048',
    reproduce: openssl(plan, "| openssl x509 -noout -text | grep -A1 'Public Key'").replace(' </dev/null', ''),
    hint: 'NIST SP 800-57 asks for 112 bits of security at least: RSA from 2048 bits, elliptic curves from 224. A P-256 key is small and quick.',
    run: async (context) => judge(await usualHandshake(context), ({ certificate }) => strength(certificate)),
  };
}

/** Node tells the bits, not the kind; curves in use have 256, 384 or 521, and no RSA key of such a size is accepted. */
function strength({ publicKeyBits: bits }: CertificateFacts): Observation {
  const curve = bits !== null && [256, 384, 521].includes(bits);
  return verdict(curve || (bits ?? 0) >= 2048, `${bits ?? 'unknown'} bits, ${curve ? 'elliptic curve' : 'RSA'}`);
}

/** A refused handshake fails a check on what it would have shown. */
export function judge(outcome: TlsOutcome, look: (handshake: TlsHandshake) => Observation): Observation {
  return outcome.ok
    ? look(outcome)
    : failed(`no TLS: ${outcome.stage} failed with ${outcome.error.message} (${outcome.error.code})`);
}
