import { verdict, type CheckContext, type Observation } from '../check.ts';
import { freshTargets } from './targets.ts';

const longestSeconds = 2;

/** What the outside probe has seen of the site and of its redirect. */
export async function outsideProbe(context: CheckContext): Promise<Observation> {
  await freshTargets(context);
  const samples = await context.prometheus(
    '{__name__=~"probe_success|probe_duration_seconds|probe_http_status_code|probe_ssl_earliest_cert_expiry", job="site"}',
  );
  const of = (name: string, instance: string): number =>
    samples.find(({ labels }) => labels['__name__'] === name && labels['instance'] === instance)?.value ?? NaN;
  const status = { site: 200, redirect: 301 };
  const problems = Object.entries(status).flatMap(([instance, code]) => {
    if (of('probe_success', instance) !== 1)
      return [`${instance}: the probe failed (HTTP ${of('probe_http_status_code', instance)})`];
    if (of('probe_http_status_code', instance) !== code)
      return [`${instance}: HTTP ${of('probe_http_status_code', instance)}, not ${code}`];
    const seconds = of('probe_duration_seconds', instance);
    return seconds > 0 && seconds < longestSeconds ? [] : [`${instance}: took ${seconds} s`];
  });
  const days = (of('probe_ssl_earliest_cert_expiry', 'site') - (samples[0]?.at ?? NaN)) / 86_400;
  const { certificateDays } = context.plan.lab.tls;
  if (!(days > 7 && days <= certificateDays + 1)) problems.push(`the certificate ends in ${days.toFixed(1)} days`);
  const milliseconds = (instance: string): string => `${Math.round(of('probe_duration_seconds', instance) * 1000)} ms`;
  return verdict(
    problems.length === 0,
    problems.length === 0
      ? `site 200 in ${milliseconds('site')}, redirect 301 in ${milliseconds('redirect')}, certificate for ${days.toFixed(1)} more days`
      : problems.join('; '),
  );
}
