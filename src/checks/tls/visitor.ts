import type { Plan } from '../../plan/types.ts';
import type { TlsOutcome, TlsRequest } from '../../probe/operations/tls.ts';
import type { HttpRequest } from '../../probe/operations/http.ts';
import type { Check, CheckContext } from '../check.ts';
import { once } from '../once.ts';
import { doorTo, siteDoor } from '../site.ts';

/** A check of this area, whose reproduction asks the site over its published port. */
export type TlsCheck = Omit<Check, 'requirement'>;

/** Host ports of the site, where it is published. */
export function portsOf(plan: Plan): { http: number | undefined; https: number | undefined } {
  const { name } = siteDoor(plan);
  const of = (port: number): number | undefined =>
    plan.endpoints.find((one) => one.service === name && one.port === port)?.hostPort;
  return { http: of(80), https: of(443) };
}

/** `https://www.foobar.com:8443`, without the port where it is the usual one. */
export function origin(plan: Plan, scheme: 'http' | 'https' = 'https'): string {
  const port = portsOf(plan)[scheme];
  return `${scheme}://${plan.lab.site.domain}${port === undefined || port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`}`;
}

/** curl, as a person asks the site from the project’s folder’s parent. */
export function curl(plan: Plan, rest: string, scheme: 'http' | 'https' = 'https'): string {
  const { domain } = plan.lab.site;
  const port = portsOf(plan)[scheme] ?? (scheme === 'https' ? 443 : 80);
  const trust = scheme === 'https' ? `--cacert .lab/${plan.settings.project}/pki/ca.pem ` : '';
  return `curl -sv ${trust}--resolve ${domain}:${port}:127.0.0.1 ${rest}`;
}

/** openssl, likewise. */
export function openssl(plan: Plan, rest: string): string {
  return `openssl s_client -connect 127.0.0.1:${portsOf(plan).https ?? 443} -servername ${plan.lab.site.domain} ${rest} </dev/null`;
}

/** One handshake with the site; its name unless the request says another. */
export async function handshake(
  context: CheckContext,
  request: Omit<TlsRequest, 'address' | 'port'> = {},
): Promise<TlsOutcome> {
  const { vantage, address, port } = doorTo(context, siteDoor(context.plan).name, 443);
  return vantage.tls({ servername: context.plan.lab.site.domain, ca: await context.ca(), ...request, address, port });
}

/** The handshake of a modern client, made once in a run. */
export function usualHandshake(context: CheckContext): Promise<TlsOutcome> {
  return once(context, 'tls/handshake', () => handshake(context, { alpn: ['h2', 'http/1.1'] }));
}

/** A request over HTTPS to the published port, whatever the certificate is worth: that is another check’s matter. */
export function secure(
  context: CheckContext,
  path: string,
  more: Partial<HttpRequest> = {},
): { request: HttpRequest; vantage: ReturnType<typeof doorTo>['vantage'] } {
  const { vantage, address, port } = doorTo(context, siteDoor(context.plan).name, 443);
  const { domain } = context.plan.lab.site;
  return {
    vantage,
    request: { address, port, host: domain, path, tls: { servername: domain, verify: false }, ...more },
  };
}
