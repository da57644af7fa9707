import type { Plan, SharedAddressPlan } from './types.ts';

/** What a flow or an endpoint leads to: a service, or an address that several share. */
export interface Place {
  name: string;
  zone: string;
  address: string;
}

/** A service or a shared address by its name, if the plan has it. */
export function placeNamed(
  { services, sharedAddresses }: Pick<Plan, 'services' | 'sharedAddresses'>,
  name: string,
): Place | undefined {
  return services.find((one) => one.name === name) ?? sharedAddresses.find((one) => one.name === name);
}

/** The services that answer at a place: those that share an address, or the service itself. */
export function answeringAt({ sharedAddresses }: Pick<Plan, 'sharedAddresses'>, name: string): readonly string[] {
  return sharedAddresses.find((one) => one.name === name)?.among ?? [name];
}

/** The address that a service shares with others, if it does. */
export function sharedBy(
  { sharedAddresses }: Pick<Plan, 'sharedAddresses'>,
  service: string,
): SharedAddressPlan | undefined {
  return sharedAddresses.find(({ among }) => among.includes(service));
}
