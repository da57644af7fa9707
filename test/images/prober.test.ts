import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAuthority, makeCertificate, type KeyPair } from '../../src/project/pki.ts';
import { renderTemplate } from '../../src/project/render.ts';
import { imageFor } from '../support/images.ts';
import { Hardened, scratch } from './hardened.ts';

const domain = 'www.foobar.com';
const now = new Date();

let remove: () => Promise<void>;
let prober: StartedTestContainer;
let good: Server;
let bad: Server;
let redirecting: Server;

/** A site on this machine, which the prober reaches by `host-gateway`. */
function site(leaf: KeyPair, status: number, headers: Record<string, string> = {}): Promise<Server> {
  const server = createServer({ cert: leaf.certificate, key: leaf.key }, (_, response) => {
    response.writeHead(status, headers).end();
  });
  return new Promise((resolve) => server.listen(0, '0.0.0.0', () => resolve(server)));
}

beforeAll(async () => {
  const { folder, remove: removeFolder } = await scratch();
  remove = removeFolder;
  const authority = await makeAuthority('test CA', now);
  const plan = { name: 'site', service: 'balancer', commonName: domain, use: 'server', layout: 'pair' } as const;
  const leaf = await makeCertificate({ ...plan, names: [domain], addresses: [], days: 30 }, authority, now);
  const other = await makeCertificate({ ...plan, names: [domain], addresses: [], days: 30 }, undefined, now);
  [good, bad, redirecting] = await Promise.all([
    site(leaf, 200),
    site(other, 200),
    site(leaf, 301, { location: `https://${domain}/` }),
  ]);
  prober = await new Hardened(await imageFor('prober'), 10070, folder)
    .withFiles('/etc/lab', { 'blackbox.yml': renderTemplate('prober/blackbox.yml.hbs', { domain }) })
    .withFiles('/etc/ssl/lab', { 'ca.pem': authority.certificate })
    .withExtraHosts([{ host: domain, ipAddress: 'host-gateway' }])
    .withExposedPorts(9115)
    .start();
});

afterAll(async () => {
  await prober?.stop();
  for (const server of [good, bad, redirecting]) server?.close();
  await remove?.();
});

async function probe(module: string, server: Server, scheme = 'https://'): Promise<string> {
  const target = `${scheme}${domain}:${(server.address() as AddressInfo).port}`;
  const query = new URLSearchParams({ module, target });
  return (await fetch(`http://${prober.getHost()}:${prober.getMappedPort(9115)}/probe?${query}`)).text();
}

test('a page over TLS that verifies is a success, with its certificate’s end and its duration', async () => {
  const metrics = await probe('http_2xx', good);
  expect(metrics).toMatch(/^probe_success 1$/m);
  expect(metrics).toMatch(/^probe_duration_seconds /m);
  const ends = Number(/^probe_ssl_earliest_cert_expiry (\S+)$/m.exec(metrics)?.[1]) * 1000;
  expect(Math.abs(ends - now.getTime() - 30 * 86_400_000)).toBeLessThan(60_000);
});

test('a certificate that the lab’s CA did not sign is a failure', async () => {
  expect(await probe('http_2xx', bad)).toMatch(/^probe_success 0$/m);
  expect(await probe('tcp_tls', bad, '')).toMatch(/^probe_success 0$/m);
});

test('a handshake alone can be probed', async () => {
  expect(await probe('tcp_tls', good, '')).toMatch(/^probe_success 1$/m);
});

test('a redirect is not taken for the page', async () => {
  expect(await probe('http_2xx', redirecting)).toMatch(/^probe_success 0$/m);
});
