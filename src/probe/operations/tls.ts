import net from 'node:net';
import { connect, type ConnectionOptions, type PeerCertificate, type TLSSocket } from 'node:tls';
import { createHash } from 'node:crypto';
import { boundedTimeout } from './bounds.ts';
import { codedError, wireFailure, type WireFailure } from './failure.ts';
import { localAddressOf } from './local-address.ts';

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface TlsRequest {
  address: string;
  port: number;
  localAddress?: string;
  servername?: string;
  /** PEM of the authority to trust; without it the system's. */
  ca?: string;
  minVersion?: TlsVersion;
  maxVersion?: TlsVersion;
  /** OpenSSL cipher list for TLS 1.2 and below. */
  ciphers?: string;
  alpn?: readonly string[];
  /** Default 3000. */
  timeoutMs?: number;
}

export interface CertificateFacts {
  subject: string;
  issuer: string;
  /** Subject alternative names as OpenSSL writes them, for example `DNS:www.foobar.com`. */
  names: string[];
  /** ISO 8601. */
  notBefore: string;
  notAfter: string;
  serial: string;
  fingerprint256: string;
  /** SHA-256 of the SubjectPublicKeyInfo's key, in hex: the same for two certificates of one key. */
  publicKeySha256: string;
  publicKeyBits: number | null;
}

export interface TlsHandshake {
  ok: true;
  protocol: string;
  cipher: string;
  alpn: string | null;
  /** Whether the chain leads to `ca` and the certificate is for `servername`. */
  authorized: boolean;
  authorizationError: string | null;
  certificate: CertificateFacts;
  /** Certificates that the server sent, or that complete the chain from `ca`; a self-signed one is 1. */
  chainLength: number;
  ms: number;
}

export interface TlsRefusal {
  ok: false;
  /** `connect`: TCP did not come about. `handshake`: the peer answered, and TLS did not come about. */
  stage: 'connect' | 'handshake';
  error: WireFailure;
  ms: number;
}

export type TlsOutcome = TlsHandshake | TlsRefusal;

// OpenSSL 3 offers TLS below 1.2 only at security level 0 (SSL_CTX_set_security_level(3)): without it a
// client refuses the old versions by itself, and a server that accepts them would look safe.
function isOld(version: TlsVersion | undefined): boolean {
  return version === 'TLSv1' || version === 'TLSv1.1';
}

function connectionOptions(request: TlsRequest): ConnectionOptions {
  const old = isOld(request.minVersion) || isOld(request.maxVersion);
  const ciphers = request.ciphers ?? (old ? 'ALL' : undefined);
  return {
    rejectUnauthorized: false,
    ...(request.servername === undefined ? {} : { servername: request.servername }),
    ...(request.ca === undefined ? {} : { ca: request.ca }),
    ...(request.alpn === undefined ? {} : { ALPNProtocols: [...request.alpn] }),
    ...(request.minVersion === undefined && !old ? {} : { minVersion: request.minVersion ?? 'TLSv1' }),
    ...(request.maxVersion === undefined ? {} : { maxVersion: request.maxVersion }),
    ...(ciphers === undefined
      ? {}
      : { ciphers: old && !ciphers.includes('@SECLEVEL') ? `${ciphers}:@SECLEVEL=0` : ciphers }),
  };
}

/**
 * Shakes hands and reports what was agreed; the certificate is looked at, not insisted on.
 * @throws when this side cannot make the offer asked for (an unknown cipher, say): that is no refusal.
 */
export function tls(request: TlsRequest): Promise<TlsOutcome> {
  const started = performance.now();
  const options = connectionOptions(request);
  return new Promise((resolve, reject) => {
    const since = (): number => Math.round(performance.now() - started);
    let stage: TlsRefusal['stage'] = 'connect';
    let secure: TLSSocket | undefined;
    const raw = net.connect({ host: request.address, port: request.port, ...localAddressOf(request) });
    const end = (act: () => void): void => {
      clearTimeout(timer);
      secure?.destroy();
      raw.destroy();
      act();
    };
    const refused = (error: unknown): void => {
      const failure = wireFailure(error);
      if (localCodes.has(failure.code)) end(() => reject(error as Error));
      else end(() => resolve({ ok: false, stage, error: failure, ms: since() }));
    };
    const timeoutMs = boundedTimeout(request.timeoutMs, 3000);
    const timer = setTimeout(() => refused(codedError('TIMEOUT', `no ${stage} within ${timeoutMs} ms`)), timeoutMs);
    raw.on('error', (error) => stage === 'connect' && refused(error));
    raw.once('connect', () => {
      stage = 'handshake';
      try {
        secure = connect({ ...options, socket: raw });
      } catch (error) {
        end(() => reject(error as Error));
        return;
      }
      const socket = secure;
      socket.on('error', refused);
      socket.once('close', () => refused(codedError('CLOSED', 'the peer closed the connection during the handshake')));
      socket.once('secureConnect', () => {
        const outcome = handshakeFacts(socket, since());
        end(() => resolve(outcome));
      });
    });
  });
}

const localCodes = new Set([
  'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
  'ERR_SSL_NO_CIPHERS_AVAILABLE',
  'ERR_SSL_NO_CIPHER_MATCH',
  'ERR_TLS_INVALID_PROTOCOL_VERSION',
  'ERR_TLS_PROTOCOL_VERSION_CONFLICT',
]);

function handshakeFacts(socket: TLSSocket, ms: number): TlsHandshake {
  const peer = socket.getPeerCertificate(true);
  return {
    ok: true,
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    authorized: socket.authorized,
    authorizationError: socket.authorized ? null : String(socket.authorizationError ?? 'unknown'),
    certificate: certificateFacts(peer),
    chainLength: chainLength(peer),
    ms,
  };
}

function certificateFacts(peer: PeerCertificate): CertificateFacts {
  return {
    subject: distinguishedName(peer.subject),
    issuer: distinguishedName(peer.issuer),
    names: peer.subjectaltname === undefined ? [] : peer.subjectaltname.split(', '),
    notBefore: new Date(peer.valid_from).toISOString(),
    notAfter: new Date(peer.valid_to).toISOString(),
    serial: peer.serialNumber,
    fingerprint256: peer.fingerprint256,
    publicKeySha256: peer.pubkey === undefined ? '' : createHash('sha256').update(peer.pubkey).digest('hex'),
    publicKeyBits: peer.bits ?? null,
  };
}

function distinguishedName(name: PeerCertificate['subject']): string {
  return Object.entries(name)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

function chainLength(peer: ReturnType<TLSSocket['getPeerCertificate']>): number {
  let length = 1;
  let current = peer as PeerCertificate & { issuerCertificate?: PeerCertificate & { issuerCertificate?: unknown } };
  while (
    current.issuerCertificate !== undefined &&
    current.issuerCertificate.fingerprint256 !== current.fingerprint256
  ) {
    length += 1;
    current = current.issuerCertificate as typeof current;
  }
  return length;
}
