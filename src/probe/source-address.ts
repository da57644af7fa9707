interface Addressed {
  address?: string;
  host?: string;
  localAddress?: string;
}

interface Many {
  targets?: readonly Addressed[];
  requests?: readonly Addressed[];
}

/** A request, or each of many, made from this IPv4 address; what names a source of its own keeps it, and IPv6 has its own. */
export function speakingFrom<R>(localAddress: string, request: R): R {
  const many = request as Many;
  if (many.targets !== undefined) return { ...request, targets: many.targets.map((one) => from(localAddress, one)) };
  if (many.requests !== undefined) return { ...request, requests: many.requests.map((one) => from(localAddress, one)) };
  return from(localAddress, request as Addressed) as R;
}

function from<A extends Addressed>(localAddress: string, one: A): A {
  const target = one.address ?? one.host;
  return target === undefined || target.includes(':') ? one : { localAddress, ...one };
}
