import { describe, expect, it } from 'vitest';
import type { GradeResult } from '../../../src/grade/result.ts';
import { corpus, gradeFiles, labelled, whatFailed } from '../../support/corpus.ts';

interface Label {
  parses_cert_reqadd_lf_hosts: boolean;
  https_both_backends?: boolean;
  http_redirects_all?: boolean;
  http_301_all?: boolean;
  backend_sees_proto?: string | null;
  survives_web02_down?: boolean | null;
}

describe.runIf(corpus !== undefined)('real configurations of HAProxy', () => {
  it('are judged as when they were run elsewhere', { timeout: 1_800_000 }, async () => {
    const known = labelled<Label>('haproxy_ssl', 'haproxy_redirect');
    const files = known.map(({ file }) => file);
    const tls = await gradeFiles('tls-termination', 'balancer/haproxy.cfg', files);
    const redirect = await gradeFiles('redirect-and-headers', 'balancer/haproxy.cfg', files);
    const differences = known.flatMap((one, index) =>
      differencesOf(one, tls[index] as GradeResult, redirect[index] as GradeResult),
    );
    expect(known.length).toBeGreaterThan(0);
    expect(differences).toEqual([]);
  });
});

function differencesOf(
  { file, expect: label }: { file: string; expect: Label },
  tls: GradeResult,
  redirect: GradeResult,
): string[] {
  const rows: [string, boolean | null | undefined, boolean][] = [
    ['accepted', label.parses_cert_reqadd_lf_hosts, passed(tls, 'balancer.accepted')],
    ['both servers over HTTPS', label.https_both_backends, passed(tls, 'tls.answers') && passed(tls, 'balancing.both')],
    ['tells the protocol', seesProtocol(label.backend_sees_proto), passed(tls, 'balancing.tells-protocol')],
    ['survives', label.survives_web02_down, passed(tls, 'balancing.survives')],
    ['redirects', label.http_redirects_all, passed(redirect, 'redirect.always')],
    ['redirects with 301', label.http_301_all, passed(redirect, 'redirect.permanent')],
  ];
  return rows
    .filter(([, wanted, seen]) => wanted !== undefined && wanted !== null && wanted !== seen)
    .map(
      ([what, wanted, seen]) => `${file}: ${what}: labelled ${wanted}, graded ${seen}: ${whatFailed(tls, redirect)}`,
    );
}

/** A list of what the servers were told, or that there was nothing. */
function seesProtocol(told: string | null | undefined): boolean | null | undefined {
  return typeof told === 'string' ? told === "['https']" : told;
}

function passed({ checks }: GradeResult, id: string): boolean {
  return checks.find((check) => check.id === id)?.status === 'passed';
}
