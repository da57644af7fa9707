/** Health checks are many and quick: they would hide what visitors see. */
export const visits = 'route!="/healthz"';

/** By service: 1 when all of these figures are 1. `up` is among them, so that one that does not answer is 0 and not left out. */
export function lowest(names: string, matchers: string): string {
  return `min by (instance) ({__name__=~"${names}",${matchers}})`;
}
