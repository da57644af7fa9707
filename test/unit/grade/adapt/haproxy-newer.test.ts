import { describe, expect, it } from 'vitest';
import { haproxyFinalNewline } from '../../../../src/grade/adapt/haproxy-final-newline.ts';
import { haproxyNewer as newer } from '../../../../src/grade/adapt/haproxy-newer.ts';
import { after, notes, untouched } from './surroundings.ts';

const r = String.raw;

describe('words of older versions of HAProxy', () => {
  it.each([
    [r`reqadd X-Forwarded-Proto:\ https`, 'http-request add-header X-Forwarded-Proto https'],
    [
      r`reqadd X-Forwarded-Proto:\ https if { ssl_fc }`,
      'http-request add-header X-Forwarded-Proto https if { ssl_fc }',
    ],
    [r`reqadd "X-A: b c" # why`, r`http-request add-header X-A b\ c # why`],
    [r`reqadd X_Forwarded-Proto:\ https`, 'http-request add-header X_Forwarded-Proto https'],
    [r`rspadd X-A:\ 100%\ b`, r`http-response add-header X-A 100%%\ b`],
    [
      r`rspadd Strict-Transport-Security:\ max-age=9;\ preload`,
      r`http-response add-header Strict-Transport-Security max-age=9;\ preload`,
    ],
    ['reqidel ^X-Forwarded-For:.*', 'http-request del-header X-Forwarded-For'],
    ['reqdel ^X-A:', 'http-request del-header X-A'],
    [r`rspidel ^Server:\ .*`, 'http-response del-header Server'],
    [r`reqirep ^Host:\ (.*) Host:\ a.example`, 'http-request replace-header Host (?i)^(.*) a.example'],
    [
      r`rsprep ^Location:\ http://(.*) Location:\ https://\1`,
      r`http-response replace-header Location ^http://(.*) https://\\1`,
    ],
    [r`reqrep ^([^\ :]*)\ /old/(.*) \1\ /new/\2`, r`http-request replace-uri ^/old/(.*) /new/\\1`],
    ['clitimeout 5000', 'timeout client 5000'],
    ['timeout contimeout 5000', 'timeout connect 5000'],
    ['redispatch', 'option redispatch'],
    ['block if { path /x }', 'http-request deny if { path /x }'],
    ['monitor-net 192.0.2.0/24', 'http-request return status 200 if { src 192.0.2.0/24 }'],
    ['option forceclose', ''],
    ['bind-process 1', ''],
    ['appsession JSESSIONID len 52 timeout 3h', ''],
    ['bind :80 process 2', 'bind :80'],
    ['errorfile 503 /srv/pages/503.http', ''],
    ['server a 192.0.2.1:80,check weight 3', 'server a 192.0.2.1:80 weight 3'],
    [
      r`option httpchk GET / "HTTP/1.1\r\nHost: a.example"`,
      'option httpchk GET / HTTP/1.1\n    http-check send hdr Host a.example',
    ],
    [
      r`option httpchk HEAD /up HTTP/1.1\r\nHost:\ a.example\r\nX-A:b\ c # up?`,
      r`option httpchk HEAD /up HTTP/1.1 # up?` + '\n' + r`    http-check send hdr Host a.example hdr X-A b\ c`,
    ],
  ])('%s', (old, now) => {
    const text = `listen a\n    ${old}\n`;
    expect(after(newer, text)).toBe(now === '' ? 'listen a\n\n' : `listen a\n    ${now}\n`);
    expect(notes(newer, text)).toHaveLength(1);
    expect(notes(newer, text)[0]).toMatch(/^line 2: /);
  });

  it.each([
    'reqadd X-Forwarded-Proto https',
    'reqadd',
    r`reqadd X\ A:\ b`,
    r`reqadd X-A:\ b garbage`,
    'reqideny ^X-A:',
    'errorfile 503 /etc/haproxy/errors/503.http',
    'option httpclose',
    'option httpchk GET /up HTTP/1.0',
    r`option httpchk GET / HTTP/1.1\r\nHost`,
    'server a 192.0.2.1:http',
    'server a 192.0.2.1:+0',
    'http-request set-header X_Forwarded-Proto https',
    'balance roundlex',
    'default_backend nowhere',
    'bind :80 name process',
    'bind *:80',
  ])('what was no right word then stays: %s', (directive) => {
    expect(untouched(newer, `listen a\n  ${directive}\n`)).toBe(true);
  });

  it('two sections that bind one port, or have one name, stay', () => {
    expect(untouched(newer, 'frontend a\n bind :80\nfrontend a\n bind :80\n')).toBe(true);
  });
});

describe('the last line', () => {
  it('gets an end, once', () => {
    expect(notes(haproxyFinalNewline, 'global\n nbthread 1')).toEqual([
      'line 2: a line end was added, newer versions of HAProxy ask for one',
    ]);
    expect(after(haproxyFinalNewline, 'a')).toBe('a\n');
    expect(untouched(haproxyFinalNewline, 'a\n')).toBe(true);
    expect(untouched(haproxyFinalNewline, '')).toBe(true);
  });
});
