import { isIP } from 'node:net';

/** Where a `server` line of HAProxy points to, taken apart so that only the host can be changed. */
export interface ServerAddress {
  /** `ipv4@`, … as it was written, or nothing. */
  family: string;
  host: string;
  /** With its colon; empty where none was written. */
  port: string;
}

/** Undefined for what is no host of a network: sockets, descriptors, variables. */
export function serverAddress(text: string): ServerAddress | undefined {
  const family = /^(?:tcp|quic)?[46]?@|^ipv[46]@/.exec(text)?.[0] ?? '';
  const rest = text.slice(family.length);
  if (rest === '' || /[@/$%"\s]/.test(rest)) return undefined;
  const bracketed = /^\[([0-9a-fA-F:.]+)\](:[^:]*)?$/.exec(rest);
  if (bracketed !== null) return { family, host: bracketed[1]!, port: bracketed[2] ?? '' };
  if (isIP(rest) === 6) return { family, host: rest, port: '' };
  const colon = rest.lastIndexOf(':');
  if (colon < 0) return { family, host: rest, port: '' };
  return { family, host: rest.slice(0, colon), port: rest.slice(colon) };
}

/** An address that means this machine, or any: nothing of another machine, so a mistake where it is one. */
export function isOwn(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|localhost|\*|0|0\.0\.0\.0|::|)$/i.test(host);
}
