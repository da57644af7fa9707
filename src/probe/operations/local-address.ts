interface Local {
  localAddress?: string;
  localPort?: number;
}

/** The options for `net.connect` and what is built on it; without an address, routes decide, and without a port the kernel. */
export function localAddressOf({ localAddress, localPort }: Local): Local {
  return { ...(localAddress === undefined ? {} : { localAddress }), ...(localPort === undefined ? {} : { localPort }) };
}
