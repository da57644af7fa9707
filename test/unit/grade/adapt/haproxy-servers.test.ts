import { describe, expect, it } from 'vitest';
import { haproxyListen } from '../../../../src/grade/adapt/haproxy-listen.ts';
import { haproxyServers as servers } from '../../../../src/grade/adapt/haproxy-servers.ts';
import { after, notes, surroundings, untouched } from './surroundings.ts';

const backend = (...lines: string[]): string => ['backend b', ...lines, ''].join('\n');

describe('servers of another network', () => {
  it('become the lab’s in the order in which addresses appear', () => {
    expect(after(servers, backend('server b 203.0.113.9:80 check', 'server a 203.0.113.4:80 weight 3'))).toBe(
      backend('server b 10.20.0.11:80 check', 'server a 10.20.0.12:80 weight 3'),
    );
  });

  it('stay one where they were one, whatever their names', () => {
    expect(
      after(servers, backend('server a 203.0.113.9:80', 'server c 203.0.113.9:80', 'server b 203.0.113.4:80')),
    ).toBe(backend('server a 10.20.0.11:80', 'server c 10.20.0.11:80', 'server b 10.20.0.12:80'));
  });

  it('are counted over all sections, and begin again when there are more than the lab has', () => {
    const text = `${backend('server a one.example:80')}listen c\nserver a ONE.example:80\nserver b two.example:80\nserver d three.example:80\n`;
    expect(after(servers, text)).toBe(
      `${backend('server a 10.20.0.11:80')}listen c\nserver a 10.20.0.11:80\nserver b 10.20.0.12:80\nserver d 10.20.0.11:80\n`,
    );
  });

  it('keep a missing port, and another one, and that is said', () => {
    const text = backend('server a 203.0.113.9 check', 'server b 203.0.113.4:443');
    expect(after(servers, text)).toBe(backend('server a 10.20.0.11 check', 'server b 10.20.0.12:443'));
    expect(notes(servers, text)).toEqual([
      'line 2: 203.0.113.9: the lab’s server web1 (10.20.0.11), still without a port',
      'line 3: 203.0.113.4: the lab’s server web2 (10.20.0.12), still with the port 443',
    ]);
  });

  it('go to the port of the lab’s server in place of 80', () => {
    const elsewhere = { ...surroundings, servers: [{ name: 'web1', address: '10.20.0.11', port: 8080 }] };
    const adapted = servers(backend('server a 203.0.113.9:80'), elsewhere);
    expect(adapted.text).toBe(backend('server a 10.20.0.11:8080'));
    expect(servers(adapted.text, elsewhere)).toEqual({ text: adapted.text, notes: [] });
  });

  it('leave the lab’s own servers to those who name them', () => {
    expect(after(servers, backend('server a 203.0.113.9:80', 'server b 10.20.0.11:80'))).toBe(
      backend('server a 10.20.0.12:80', 'server b 10.20.0.11:80'),
    );
    expect(after(servers, backend('server a web2:80'))).toBe(backend('server a 10.20.0.12:80'));
  });

  it('are found behind a family, in brackets and as the address of a health check', () => {
    expect(after(servers, backend('server a ipv4@203.0.113.9:80 check addr 203.0.113.4 port 81'))).toBe(
      backend('server a ipv4@10.20.0.11:80 check addr 10.20.0.12 port 81'),
    );
    expect(after(servers, backend('server a [2001:db8::1]:80', 'server b 2001:db8::2'))).toBe(
      backend('server a 10.20.0.11:80', 'server b 10.20.0.12'),
    );
  });

  it.each([
    backend('server a 127.0.0.1:8888'),
    backend('server a localhost:80'),
    backend('server a /run/app.sock'),
    backend('server a unix@/run/app.sock'),
    backend('server a "${WEB}:80"'),
    backend('server a'),
    backend('server-template w 2 203.0.113.9:80'),
    backend('default-server check'),
    'resolvers r\n nameserver n 203.0.113.9:53\n',
    'frontend f\n default_backend nowhere\n',
  ])('are nothing else: %j', (text) => {
    expect(untouched(servers, text)).toBe(true);
  });

  it('are left alone by a lab without web servers', () => {
    const text = backend('server a 203.0.113.9:80');
    expect(servers(text, { ...surroundings, servers: [] })).toEqual({ text, notes: [] });
  });
});

describe('addresses to listen at', () => {
  it('of another machine become any', () => {
    const text = 'frontend a\n  bind 203.0.113.7:443 ssl crt x\n  bind www.shop.test:80\n';
    expect(after(haproxyListen, text)).toBe('frontend a\n  bind *:443 ssl crt x\n  bind *:80\n');
    expect(notes(haproxyListen, text)).toEqual([
      'line 2: bind 203.0.113.7: *, this machine has other addresses',
      'line 3: bind www.shop.test: *, this machine has other addresses',
    ]);
  });

  it.each([
    '*:80',
    ':80',
    '0.0.0.0:80',
    '[::]:80',
    ':::80',
    '127.0.0.1:80',
    '203.0.113.7',
    '/run/x.sock',
    '203.0.113.7:80,203.0.113.8:80',
  ])('stay: %s', (address) => {
    expect(untouched(haproxyListen, `frontend a\n  bind ${address}\n`)).toBe(true);
  });
});
