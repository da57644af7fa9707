import { inputError } from '../errors.ts';
import { nearestName } from '../lab/nearest-name.ts';
import type { Lab } from '../lab/schema.ts';
import { blockOf } from '../plan/block.ts';
import type { CertificateSource, Settings } from '../plan/types.ts';

/** What a person asked for. */
export interface Wishes {
  project: string;
  certificates?: CertificateSource;
  /** Host ports by endpoint name. */
  ports: Record<string, number>;
  seed?: number;
  grafana?: boolean;
}

/** @throws UserError `ENDPOINT_UNKNOWN` when a port is asked for an endpoint that the lab does not have */
export function checkPortNames(lab: Lab, wishes: Wishes): void {
  const known = Object.keys(lab.endpoints);
  const stranger = Object.keys(wishes.ports).find((name) => !known.includes(name));
  if (stranger === undefined) return;
  const nearest = nearestName(stranger, known);
  throw inputError('ENDPOINT_UNKNOWN', {
    message: `the lab has no endpoint "${stranger}"`,
    expected: known.join(', '),
    ...(nearest === undefined ? {} : { fix: `did you mean "${nearest}"?` }),
  });
}

/** Settings that need no engine: the lab's own, then what was asked for. */
export function offlineSettings(lab: Lab, wishes: Wishes, images: Record<string, string>): Settings {
  checkPortNames(lab, wishes);
  const seed = wishes.seed ?? 0;
  return {
    project: wishes.project,
    block: blockOf(seed),
    ports: portsOf(lab, (name, own) => wishes.ports[name] ?? own),
    certificates: wishes.certificates ?? 'lab-ca',
    seed,
    grafana: wishes.grafana ?? true,
    images,
  };
}

/** The host port of every endpoint. */
export function portsOf(lab: Lab, choose: (name: string, own: number) => number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(lab.endpoints).map(([name, { hostPort }]) => [name, choose(name, hostPort)]),
  );
}
