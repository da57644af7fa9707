import { inputError } from '../errors.ts';
import { nearestName } from '../lab/nearest-name.ts';
import { placeNamed } from '../plan/places.ts';
import type { Plan } from '../plan/types.ts';

/** Where the packet starts: a service, a stranger in a zone, or this machine through what is published. */
export type Source = { kind: 'service'; service: string } | { kind: 'zone'; zone: string } | { kind: 'host' };

/** Why can, or cannot, a source reach a port of a service? */
export interface Question {
  from: Source;
  to: { service: string; address: string; port: number; protocol: 'tcp' | 'udp' };
}

/**
 * Reads what a person asked.
 * @throws UserError `PLACE_UNKNOWN`, `TARGET` with the nearest name
 */
export function questionOf(plan: Plan, from: string, to: string, protocol: 'tcp' | 'udp' = 'tcp'): Question {
  const services = plan.services.map(({ name }) => name);
  const zones = plan.zones.map(({ name }) => name).filter((name) => name !== 'core');
  const source = sourceOf(from, services, zones);
  const [, service = '', digits = ''] = /^([^:]*):(\d{1,5})$/.exec(to) ?? wrongTarget(to);
  const port = Number(digits);
  if (port < 1 || port > 65535) wrongTarget(to);
  const target = placeNamed(plan, service);
  if (target === undefined)
    throw unknown('TARGET', service, [...services, ...plan.sharedAddresses.map(({ name }) => name)]);
  if (source.kind === 'service' && source.service === service)
    throw inputError('TARGET', {
      message: `${service} reaches itself without any network`,
      expected: 'two different places',
    });
  return { from: source, to: { service, address: target.address, port, protocol } };
}

function sourceOf(from: string, services: readonly string[], zones: readonly string[]): Source {
  if (from === 'host') return { kind: 'host' };
  if (zones.includes(from)) return { kind: 'zone', zone: from };
  if (services.includes(from)) return { kind: 'service', service: from };
  throw unknown('PLACE_UNKNOWN', from, [...services, ...zones, 'host']);
}

function unknown(code: string, name: string, names: readonly string[]): Error {
  const nearest = nearestName(name, names);
  return inputError(code, {
    message: `there is no "${name}" in this lab`,
    expected: names.join(', '),
    ...(nearest === undefined ? {} : { fix: `did you mean "${nearest}"?` }),
  });
}

function wrongTarget(to: string): never {
  throw inputError('TARGET', { message: `"${to}" is no target`, expected: 'service:port, such as db-primary:3306' });
}

/** `web1`, `a stranger in edge`, `this machine`. */
export function sourceName(from: Source): string {
  return from.kind === 'host' ? 'this machine' : from.kind === 'zone' ? `a stranger in ${from.zone}` : from.service;
}
