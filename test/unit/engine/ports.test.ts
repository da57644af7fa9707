import { createServer, type AddressInfo } from 'node:net';
import type Docker from 'dockerode';
import { afterEach, describe, expect, it } from 'vitest';
import { describeHolder, parseSs, portHolders, portIsFree, publisherOf } from '../../../src/engine/ports.ts';

const server = createServer();
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

function listen(): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

describe('a port of loopback', () => {
  it('is free until something listens on it, which is then named', async () => {
    const port = await listen();
    expect(await portIsFree(port)).toBe(false);
    const holder = (await portHolders([port])).get(port);
    expect(holder).toMatchObject({ kind: 'process', pid: process.pid });
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(await portIsFree(port)).toBe(true);
    expect(await portHolders([port])).toEqual(new Map());
  });
});

describe('who holds a port', () => {
  const container = (IP: string, labels: Record<string, string> = {}): Docker.ContainerInfo =>
    ({
      Id: 'c1',
      Names: ['/demo-fw-edge-1'],
      Labels: labels,
      Ports: [{ IP, PublicPort: 8443, PrivatePort: 443, Type: 'tcp' }],
    }) as unknown as Docker.ContainerInfo;

  it('is a container that publishes it where loopback sees it', () => {
    const labels = { 'com.docker.compose.project': 'demo' };
    const holder = { kind: 'container', name: 'demo-fw-edge-1', project: 'demo' };
    expect(publisherOf([container('127.0.0.1', labels)], 8443)).toEqual(holder);
    expect(publisherOf([container('0.0.0.0', labels)], 8443)).toEqual(holder);
    expect(publisherOf([container('192.0.2.7', labels)], 8443)).toBeUndefined();
    expect(publisherOf([container('127.0.0.1', labels)], 443)).toBeUndefined();
  });

  it('is said in words', () => {
    expect(describeHolder({ kind: 'container', name: 'web', project: 'demo' })).toBe('container web of project demo');
    expect(describeHolder({ kind: 'process', pid: 12, name: 'nginx' })).toBe('nginx (process 12)');
    expect(describeHolder({ kind: 'process' })).toBe('a process of another user');
  });

  it('is read from ss', () => {
    const line = 'LISTEN 0 511 127.0.0.1:8080 0.0.0.0:* users:(("nginx",pid=812,fd=6),("nginx",pid=811,fd=6))\n';
    expect(parseSs(line)).toEqual({ name: 'nginx', pid: 812 });
    // To a user without rights, ss shows the socket and not whose it is.
    expect(parseSs('LISTEN 0 511 127.0.0.1:8080 0.0.0.0:*\n')).toBeUndefined();
    expect(parseSs('')).toBeUndefined();
  });
});
