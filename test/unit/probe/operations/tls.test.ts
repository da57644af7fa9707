import { createServer as createTcpServer } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { tls } from '../../../../src/probe/operations/tls.ts';
import { testAuthority, type TestAuthority } from '../authority.ts';
import { closedPort, listening } from './listening.ts';

let authority: TestAuthority;
let identity: { cert: string; key: string };
const address = '127.0.0.1';
const servername = 'www.foobar.com';

beforeAll(async () => {
  authority = await testAuthority();
  identity = await authority.issue([servername, 'foobar.com']);
});

function server(options: TlsOptions = {}): Promise<number> {
  const secure = createServer({ ...identity, ...options }, (socket) => socket.on('error', () => undefined));
  return listening(secure);
}

test('a handshake is described', async () => {
  const port = await server({ ALPNProtocols: ['h2', 'http/1.1'] });
  expect(await tls({ address, port, servername, ca: authority.ca, alpn: ['h2'] })).toMatchObject({
    ok: true,
    protocol: 'TLSv1.3',
    alpn: 'h2',
    authorized: true,
    authorizationError: null,
    chainLength: 2,
    certificate: {
      subject: 'CN=www.foobar.com',
      issuer: 'CN=test CA',
      names: ['DNS:www.foobar.com', 'DNS:foobar.com'],
      publicKeyBits: 2048,
    },
  });
});

test.each([
  ['another name', 'www.example.com', () => authority.ca],
  ['an unknown authority', servername, () => undefined],
])('%s is not authorized, and is described all the same', async (_, name, ca) => {
  const port = await server();
  const trusted = ca();
  const outcome = await tls({ address, port, servername: name, ...(trusted === undefined ? {} : { ca: trusted }) });
  expect(outcome).toMatchObject({ ok: true, authorized: false, certificate: { subject: 'CN=www.foobar.com' } });
});

// Were the client unable to offer the old versions, a check that they are refused could not fail.
describe.each(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
  const offer = { minVersion: version, maxVersion: version };

  test('is seen where a server speaks it', async () => {
    const port = await server({ minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    expect(await tls({ address, port, servername, ...offer })).toMatchObject({ ok: true, protocol: version });
  });

  test('is seen to be refused where a server does not', async () => {
    const spoken = version === 'TLSv1.2' ? 'TLSv1.3' : 'TLSv1.2';
    const port = await server({ minVersion: spoken, maxVersion: spoken });
    expect(await tls({ address, port, servername, ...offer })).toMatchObject({ ok: false, stage: 'handshake' });
  });
});

test('a refused connection is not a refused handshake', async () => {
  expect(await tls({ address, port: await closedPort() })).toMatchObject({
    ok: false,
    stage: 'connect',
    error: { code: 'ECONNREFUSED' },
  });
});

test('a server that says nothing is given up', async () => {
  const port = await listening(createTcpServer());
  expect(await tls({ address, port, timeoutMs: 100 })).toMatchObject({
    ok: false,
    stage: 'handshake',
    error: { code: 'TIMEOUT' },
  });
});

test('a server that hangs up is a refusal', async () => {
  const port = await listening(createTcpServer((socket) => socket.destroy()));
  expect(await tls({ address, port })).toMatchObject({ ok: false, stage: 'handshake' });
});

test('an offer that cannot be made is no refusal', async () => {
  const port = await server();
  await expect(tls({ address, port, ciphers: 'NO-SUCH-CIPHER', maxVersion: 'TLSv1.2' })).rejects.toThrow();
});
