/** The option for `net.connect` and what is built on it; without an address, routes decide. */
export function localAddressOf({ localAddress }: { localAddress?: string }): { localAddress?: string } {
  return localAddress === undefined ? {} : { localAddress };
}
