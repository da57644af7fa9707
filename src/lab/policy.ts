import type { Flow, Lab } from './schema.ts';

/** Where a conversation may start: a whole zone, one service, or the host as the edge sees it. */
export type Source = { kind: 'zone'; zone: string } | { kind: 'service'; service: string } | { kind: 'host' };

/** One allowed conversation, written out: one source, one service, one TCP port. */
export interface AllowedFlow {
  /** The name of the flow in `lab.yml`. */
  flow: string;
  from: Source;
  to: { service: string; port: number };
}

/** Splits `service:port`. */
export function parseTarget(target: string): { service: string; port: number } {
  const [service = '', port = ''] = target.split(':');
  return { service, port: Number(port) };
}

export function parseSource(lab: Pick<Lab, 'zones'>, from: string): Source {
  if (from === 'host') return { kind: 'host' };
  return Object.hasOwn(lab.zones, from) ? { kind: 'zone', zone: from } : { kind: 'service', service: from };
}

/** The policy of a lab: every flow, written out one by one in the order of `lab.yml`. */
export function policyOf(lab: Lab): AllowedFlow[] {
  return Object.entries(lab.flows).flatMap(([flow, definition]) => expand(lab, flow, definition));
}

function expand(lab: Lab, flow: string, definition: Flow): AllowedFlow[] {
  return definition.from.flatMap((from) =>
    definition.to.map((to) => ({ flow, from: parseSource(lab, from), to: parseTarget(to) })),
  );
}
