import { describe, expect, it } from 'vitest';
import { haproxyCertificate as certificate } from '../../../../src/grade/adapt/haproxy-certificate.ts';
import { haproxyDhparam } from '../../../../src/grade/adapt/haproxy-dhparam.ts';
import { after, notes, untouched } from './surroundings.ts';

describe('certificates of another machine', () => {
  it.each([
    [
      'frontend a\n  bind :443 ssl crt /etc/ssl/me.pem alpn h2\n',
      'frontend a\n  bind :443 ssl crt /run/secrets/site.pem alpn h2\n',
    ],
    ['listen a\n\tbind *:443 ssl crt "/etc/my certs/me.pem"', 'listen a\n\tbind *:443 ssl crt /run/secrets/site.pem'],
    [
      'listen a\nbind :443 ssl crt me.pem crt you.pem',
      'listen a\nbind :443 ssl crt /run/secrets/site.pem crt /run/secrets/site.pem',
    ],
    ['listen a\nbind :443 ssl crt-list /etc/list.txt', 'listen a\nbind :443 ssl crt /run/secrets/site.pem'],
    [
      'backend a\nserver b 10.0.0.1:443 ssl verify required ca-file /etc/ca.pem',
      'backend a\nserver b 10.0.0.1:443 ssl verify required ca-file /run/secrets/site.pem',
    ],
  ])('become the lab’s: %j', (text, adapted) => {
    expect(after(certificate, text)).toBe(adapted);
  });

  it('are named with their line', () => {
    expect(notes(certificate, 'frontend a\n\n bind :443 ssl crt /etc/ssl/me.pem\n')).toEqual([
      'line 3: crt /etc/ssl/me.pem: the lab’s certificate is at /run/secrets/site.pem',
    ]);
  });

  it('stay where they are the lab’s own, missing, or only spoken of', () => {
    expect(untouched(certificate, 'frontend a\n bind :443 ssl crt /run/secrets/other.pem\n')).toBe(true);
    expect(untouched(certificate, 'frontend a\n bind :443 ssl crt\n')).toBe(true);
    expect(untouched(certificate, 'frontend a\n # bind :443 ssl crt /etc/me.pem\n')).toBe(true);
    expect(untouched(certificate, 'frontend a\n http-request set-header crt /etc/me.pem\n')).toBe(true);
  });

  it('bring no TLS to a bind that forgot it', () => {
    expect(after(certificate, 'frontend a\n bind :443 crt /etc/me.pem\n')).toBe(
      'frontend a\n bind :443 crt /run/secrets/site.pem\n',
    );
    expect(untouched(certificate, 'frontend a\n bind :443\n')).toBe(true);
  });
});

describe('Diffie-Hellman parameters', () => {
  it('are left out of global, line by line', () => {
    const text = 'global\n  ssl-dh-param-file /etc/dh.pem\n  tune.ssl.default-dh-param 2048\n  maxconn 100\n';
    expect(after(haproxyDhparam, text)).toBe('global\n\n\n  maxconn 100\n');
    expect(notes(haproxyDhparam, text).map((note) => note.slice(0, 6))).toEqual(['line 2', 'line 3']);
  });

  it('stay where they do not belong', () => {
    expect(untouched(haproxyDhparam, 'frontend a\n  tune.ssl.default-dh-param 2048\n')).toBe(true);
  });
});
