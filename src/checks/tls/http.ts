import type { Plan } from '../../plan/types.ts';
import type { HttpOutcome } from '../../probe/operations/http.ts';
import { failed, skipped, verdict } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { doorTo, siteDoor } from '../site.ts';
import { few } from '../words.ts';
import { curl, origin, secure, type TlsCheck } from './visitor.ts';
import { edgeZone } from '../services.ts';

const pathAndQuery = '/static/about.html?from=http&x=%2F';
/** RFC 2606: served by nobody here. */
const unknownHost = 'www.example.org';

export function httpChecks(plan: Plan): TlsCheck[] {
  return [redirects(plan), hsts(plan), refusesUnknownHost(plan), ignoresForged(plan)];
}

function redirects(plan: Plan): TlsCheck {
  const { domain } = plan.lab.site;
  return {
    id: 'tls.redirects-http',
    title: 'Plain HTTP is sent on to HTTPS',
    points: 2,
    expected:
      '301 to the same name, path and query over https: from a visitor at port 80, and through the published port to the published HTTPS port',
    reproduce: curl(plan, `-o /dev/null '${origin(plan, 'http')}${pathAndQuery}'`, 'http'),
    hint: 'A visitor who types the name alone starts with HTTP: 301 (permanent) with path and query kept, so that every link goes on working.',
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const door = doorTo(context, siteDoor(plan).name, 80);
      const edge = edgeZone(plan);
      const published = new URL(origin(plan, 'http'));
      const ask = { path: pathAndQuery, timeoutMs: 5000 };
      const [here, visitor] = await Promise.all([
        door.vantage.tryHttp({ ...ask, address: door.address, port: door.port, host: published.host }),
        edge === undefined
          ? undefined
          : context.vantages
              .from({ zone: edge.name })
              .tryHttp({ ...ask, address: edge.gateway, port: 80, host: domain }),
      ]);
      const seen = [
        { who: 'published port', outcome: here, wanted: `${origin(plan)}${pathAndQuery}` },
        ...(visitor === undefined
          ? []
          : [{ who: 'visitor', outcome: visitor, wanted: `https://${domain}${pathAndQuery}` }]),
      ];
      const good = seen.every(
        ({ outcome, wanted }) => outcome.ok && outcome.status === 301 && outcome.headers['location'] === wanted,
      );
      return verdict(
        good,
        seen
          .map(
            ({ who, outcome }) =>
              `${who}: ${answerWords(outcome)}${outcome.ok ? ` to ${outcome.headers['location'] ?? 'nowhere'}` : ''}`,
          )
          .join('; '),
      );
    },
  };
}

function hsts(plan: Plan): TlsCheck {
  const seconds = plan.lab.tls.hstsSeconds;
  return {
    id: 'tls.hsts',
    title: 'Every HTTPS answer asks for HTTPS from now on (HSTS)',
    points: 1,
    expected: `Strict-Transport-Security with max-age of at least ${seconds} on answers of every kind`,
    reproduce: curl(plan, `-o /dev/null ${origin(plan)}/no-such-page`),
    hint: 'Without it the first request of each visit may go over HTTP and be caught (RFC 6797). HAProxy’s own answers need it too: `http-after-response set-header`.',
    dependsOn: ['balancing.site-answers'],
    needs: ['web'],
    run: async (context) => {
      if (seconds === 0) return skipped('the lab declares no HSTS');
      const kinds = [
        { what: 'a page', ...secure(context, '/') },
        { what: 'a file', ...secure(context, '/static/about.html') },
        { what: 'a missing page', ...secure(context, '/no-such-page') },
        { what: 'an unknown name', ...secure(context, '/', { host: unknownHost }) },
      ];
      const answers = await Promise.all(
        kinds.map(async ({ what, vantage, request }) => ({ what, outcome: await vantage.tryHttp(request) })),
      );
      const ages = answers.map(({ what, outcome }) => ({ what, outcome, age: maxAge(outcome) }));
      return verdict(
        ages.every(({ age }) => age >= seconds),
        ages
          .map(
            ({ what, outcome, age }) => `${what} (${answerWords(outcome)}): ${age < 0 ? 'no HSTS' : `max-age=${age}`}`,
          )
          .join('; '),
      );
    },
  };
}

/** Seconds of `max-age`; -1 without one. */
function maxAge(outcome: HttpOutcome): number {
  const [, seconds] =
    /(?:^|[;\s])max-age="?(\d+)/i.exec(outcome.ok ? (outcome.headers['strict-transport-security'] ?? '') : '') ?? [];
  return seconds === undefined ? -1 : Number(seconds);
}

function refusesUnknownHost(plan: Plan): TlsCheck {
  return {
    id: 'tls.refuses-unknown-host',
    title: 'Names that are not the site’s are not served',
    points: 1,
    expected: `a request for ${unknownHost} is refused by the balancer, over HTTPS and HTTP, and reaches no server`,
    reproduce: curl(plan, `-H 'Host: ${unknownHost}' ${origin(plan)}/`),
    hint: 'Whoever points a name of his own at this address must not get the site under it, nor a redirect of his choosing: answer 421 (RFC 9110, 15.5.20).',
    run: async (context) => {
      const overHttps = secure(context, '/', { host: unknownHost });
      const door = doorTo(context, siteDoor(plan).name, 80);
      const answers = await Promise.all([
        overHttps.vantage.tryHttp(overHttps.request),
        door.vantage.tryHttp({ address: door.address, port: door.port, host: unknownHost }),
      ]);
      const good = answers.every(
        (outcome) =>
          outcome.ok && outcome.status >= 400 && outcome.status < 500 && outcome.headers['x-served-by'] === undefined,
      );
      return verdict(good, `HTTPS: ${answerWords(answers[0])}; HTTP: ${answerWords(answers[1])}`);
    },
  };
}

const forged = {
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-proto': 'gopher',
  'x-forwarded-host': 'forged.example.org',
  'x-real-ip': '203.0.113.8',
  forwarded: 'for=203.0.113.9;proto=gopher;host=forged.example.org',
};

function ignoresForged(plan: Plan): TlsCheck {
  const edge = edgeZone(plan);
  return {
    id: 'tls.ignores-forged-headers',
    title: 'What a visitor says about where he comes from is not believed',
    points: 2,
    expected:
      'with forged X-Forwarded-For, -Proto, -Host, X-Real-IP and Forwarded, the application sees the visitor’s real address, and https',
    reproduce: curl(
      plan,
      `-H 'X-Forwarded-For: 203.0.113.7' -H 'X-Forwarded-Proto: gopher' ${origin(plan)}/api/whoami`,
    ),
    hint: 'The balancer must delete these headers and set them anew; Nginx must take them from the balancer’s address alone (`set_real_ip_from`). Otherwise logs, limits and bans can be forged.',
    dependsOn: ['balancing.site-answers'],
    needs: ['web'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      if (edge === undefined) return skipped('this lab has no edge');
      const { domain } = plan.lab.site;
      const vantage = context.vantages.from({ zone: edge.name });
      const [answer, own] = await Promise.all([
        vantage.http({
          address: edge.gateway,
          port: 443,
          host: domain,
          path: '/api/whoami',
          headers: forged,
          tls: { servername: domain, verify: false },
        }),
        context.vantages.addressIn(edge.name),
      ]);
      const believed = ['203.0.113.', 'gopher', 'forged.example.org'].filter((lie) => answer.body.includes(lie));
      const seen = readVisitor(answer.body);
      if (seen === undefined) return failed(`/api/whoami ${answerWords(answer)}: ${answer.body.slice(0, 200)}`);
      const good = believed.length === 0 && seen.clientAddress === own && seen.scheme === 'https';
      return verdict(
        good,
        `the application sees ${seen.clientAddress} over ${seen.scheme}${believed.length === 0 ? '' : `, and believes ${few(believed)}`}`,
      );
    },
  };
}

function readVisitor(body: string): { clientAddress: string; scheme: string } | undefined {
  try {
    const { clientAddress, scheme } = JSON.parse(body) as Record<string, unknown>;
    return { clientAddress: String(clientAddress), scheme: String(scheme) };
  } catch {
    return undefined;
  }
}

function answerWords(outcome: HttpOutcome | undefined): string {
  if (outcome === undefined) return 'not asked';
  return outcome.ok ? String(outcome.status) : `no answer (${outcome.error.code})`;
}
