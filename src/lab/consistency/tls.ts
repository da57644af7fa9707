import type { LabDraft } from '../draft.ts';
import type { LabProblem } from './problem.ts';

/** Certificates inside protect nothing that has come in the clear. */
export function tlsProblems({ tls }: LabDraft): LabProblem[] {
  if (tls?.outside !== 'plain' || tls.inside !== 'mutual') return [];
  return [
    {
      path: ['tls', 'inside'],
      message: 'tls.inside: is mutual, while visitors come without TLS',
      expected: 'plain, or tls.outside: tls',
      found: 'mutual',
    },
  ];
}
