import type { Plan } from '../../plan/types.ts';
import type { TlsOutcome, TlsVersion } from '../../probe/operations/tls.ts';
import { verdict, type CheckContext } from '../check.ts';
import { judge } from './certificate.ts';
import { curl, handshake, openssl, origin, secure, usualHandshake, type TlsCheck } from './visitor.ts';

const versions: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

export function protocolChecks(plan: Plan): TlsCheck[] {
  return [accepts(plan), refusesOld(plan), refusesWeak(plan), http2(plan)];
}

function accepts(plan: Plan): TlsCheck {
  const wanted = versions.slice(versions.indexOf(plan.lab.tls.minimumVersion));
  return {
    id: 'tls.accepts-modern',
    title: 'Modern TLS versions are accepted',
    points: 1,
    expected: `a handshake that offers only ${wanted.join(', and one that offers only ')}`,
    reproduce: openssl(plan, '-tls1_3'),
    hint: 'TLS 1.3 is quicker and leaves no weak choices; TLS 1.2 is still needed by older clients.',
    run: async (context) => {
      const outcomes = await each(context, wanted);
      return verdict(
        outcomes.every(({ outcome }) => outcome.ok),
        outcomes.map(words).join('; '),
      );
    },
  };
}

function refusesOld(plan: Plan): TlsCheck {
  const old = versions.slice(0, versions.indexOf(plan.lab.tls.minimumVersion));
  return {
    id: 'tls.refuses-old',
    title: 'Old TLS versions are refused',
    points: 2,
    expected: `no handshake with a client that offers only ${old.join(', or only ')}`,
    reproduce: openssl(plan, "-tls1_1 -cipher 'ALL:@SECLEVEL=0'"),
    hint: 'TLS 1.0 and 1.1 rest on MD5 and SHA-1, and RFC 8996 forbids them: `ssl-min-ver TLSv1.2`. OpenSSL offers them only at security level 0.',
    run: async (context) => {
      const outcomes = await each(context, old);
      return verdict(
        outcomes.every(({ outcome }) => !outcome.ok && outcome.stage === 'handshake'),
        outcomes.map(words).join('; '),
      );
    },
  };
}

async function each(
  context: CheckContext,
  some: readonly TlsVersion[],
): Promise<{ what: string; outcome: TlsOutcome }[]> {
  return Promise.all(
    some.map(async (version) => ({
      what: version,
      outcome: await handshake(context, { minVersion: version, maxVersion: version }),
    })),
  );
}

function words({ what, outcome }: { what: string; outcome: TlsOutcome }): string {
  return outcome.ok
    ? `${what} accepted (${outcome.protocol}, ${outcome.cipher})`
    : `${what} refused (${outcome.error.code})`;
}

/** OpenSSL’s names for what a site must not agree to in TLS 1.2; TLS 1.3 has none of them. */
const weak = [
  {
    what: 'CBC with SHA-1',
    ciphers: 'ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA',
  },
  {
    what: 'CBC with SHA-2',
    ciphers: 'ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384',
  },
  { what: 'no forward secrecy', ciphers: 'AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA' },
  { what: 'no authentication', ciphers: 'aNULL' },
  { what: 'no encryption', ciphers: 'eNULL' },
];

function refusesWeak(plan: Plan): TlsCheck {
  return {
    id: 'tls.refuses-weak-ciphers',
    title: 'Weak ciphers are refused',
    points: 2,
    expected: `no handshake with a client that offers only ${weak.map(({ what }) => what).join(', ')}`,
    reproduce: openssl(plan, "-tls1_2 -cipher 'ECDHE-ECDSA-AES128-SHA:AES128-SHA:@SECLEVEL=0'"),
    hint: 'Name the ciphers you want (https://ssl-config.mozilla.org): AEAD ones, with ephemeral keys, so that a stolen key does not open what was recorded before.',
    run: async (context) => {
      const outcomes = await Promise.all(
        weak.map(async ({ what, ciphers }) => ({
          what,
          outcome: await handshake(context, { maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` }),
        })),
      );
      return verdict(
        outcomes.every(({ outcome }) => !outcome.ok && outcome.stage === 'handshake'),
        outcomes.map(words).join('; '),
      );
    },
  };
}

function http2(plan: Plan): TlsCheck {
  return {
    id: 'tls.http2',
    title: 'HTTP/2 is negotiated',
    points: 1,
    expected: 'ALPN gives h2, and a request over it is answered',
    reproduce: curl(plan, `--http2 -o /dev/null -w '%{http_version}\\n' ${origin(plan)}/healthz`),
    hint: 'The two sides agree on HTTP/2 during the handshake: `alpn h2,http/1.1` on HAProxy’s bind line.',
    dependsOn: ['balancing.site-answers'],
    needs: ['web'],
    run: async (context) => {
      const { vantage, request } = secure(context, '/healthz', { http2: true });
      const [shaken, answer] = await Promise.all([usualHandshake(context), vantage.tryHttp(request)]);
      return judge(shaken, ({ alpn }) => {
        const got = answer.ok
          ? `answered ${answer.status} over HTTP/${answer.httpVersion}`
          : `no answer: ${answer.error.message}`;
        return verdict(
          alpn === 'h2' && answer.ok && answer.status === 200 && answer.httpVersion === '2.0',
          `ALPN ${alpn ?? 'nothing'}; ${got}`,
        );
      });
    },
  };
}
