import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adapt } from '../../../../src/grade/adapt/adapt.ts';
import { adaptations } from '../../../../src/grade/adapt/all.ts';
import { surroundings } from './surroundings.ts';

const named = [...adaptations];

describe('adapting a file', () => {
  it('goes through all that an exercise names, with the student’s own line numbers', () => {
    const text = 'global\n  daemon\nfrontend f\n  bind :443 ssl crt /x.pem\nbackend b\n  server a 203.0.113.9:80';
    const adapted = adapt(
      text,
      ['haproxy-process', 'haproxy-certificate', 'haproxy-servers', 'haproxy-newer'],
      surroundings,
    );
    expect(adapted.text).toBe(
      'global\n\nfrontend f\n  bind :443 ssl crt /run/secrets/site.pem\nbackend b\n  server a 10.20.0.11:80\n',
    );
    expect(adapted.notes.map((note) => note.split(':')[0])).toEqual(['line 2', 'line 4', 'line 6', 'line 6']);
  });

  it('knows no other names', () => {
    expect(() => adapt('', ['haproxy-server'], surroundings)).toThrow(
      expect.objectContaining({ code: 'ADAPTATION_UNKNOWN' }),
    );
  });

  it('turns line ends of Windows into others where asked', () => {
    expect(adapt('a\r\nb\r\n', ['crlf'], surroundings).text).toBe('a\nb\n');
    expect(adapt('a\nb\n', ['crlf'], surroundings)).toEqual({ text: 'a\nb\n', notes: [] });
  });

  it('leaves what would run programs as it is', () => {
    const text = 'global\n lua-load /x\nprogram p\n command sh\n';
    expect(adapt(text, ['haproxy-capabilities'], surroundings)).toEqual({ text, notes: [] });
  });
});

/** Files made of words that adaptations look at, and of whatever else. */
const word = fc.constantFrom(
  ...String.raw`global frontend a listen [mysqld] [ mysqld ] bind :443 203.0.113.1:80 ssl crt /etc/x.pem crt-list "/a b" server web
  203.0.113.9 host.example:80 10.20.0.11:80 [2001:db8::1]:80 check addr log /dev/log local0 maxconn 9999999 daemon user stats socket
  reqadd X-A:\ b%c rspidel ^Server:.* reqirep ^Host:\ (.*) Host:\ \1 reqrep ^([^\ :]*)\ /(.*) \1\ /x\2 if { } monitor-net errorfile 503
  option forceclose block process log_bin = /x/y log-error expire_logs_days 9 socket !includedir bind-address 1.2.3.4 utf8
  character-set-server plugin_load semisync_master.so skip_host_cache # \ ' "`.split(/\s+/),
);
const line = fc
  .tuple(fc.array(word, { maxLength: 8 }), fc.constantFrom(' ', '  ', '\t', '='))
  .map(([words, gap]) => words.join(gap));
const file = fc
  .array(fc.oneof({ weight: 6, arbitrary: line }, fc.string()), { maxLength: 20 })
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));

describe.each(named)('%s', (name, adaptation) => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(file, (text) => {
        const once = adaptation(text, surroundings);
        expect(adaptation(once.text, surroundings)).toEqual({ text: once.text, notes: [] });
      }),
      { numRuns: 400 },
    );
  });

  it('says so when it changes something, and keeps the lines', () => {
    fc.assert(
      fc.property(file, (text) => {
        const { text: adapted, notes } = adaptation(text, surroundings);
        expect(notes.length > 0).toBe(adapted !== text);
        expect(notes.every((note) => /^(lines? \d|and \d)[^\p{Cc}]*$/u.test(note))).toBe(true);
        expect(adapted.trimEnd().split('\n').length).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });

  const mebibyte = 1 << 20;
  const repeated = (text: string): string => text.repeat(Math.ceil(mebibyte / text.length)).slice(0, mebibyte);
  it.each([
    'x',
    ' ',
    '\\',
    '"',
    '#\r',
    '\r',
    'backend b\n server a 203.0.113.9:80 addr 1.1.1.1 addr ',
    'listen b\nbind :1 ssl crt /a',
    ' crt /a',
    'bind :1 crt /a crt /b\n',
    'listen a\nreqirep ^Host:\\ (.*)(.*) Host:\\ \\1\n',
    '[mysqld]\nlog_bin=/',
    '[mysqld]\n! include ',
    'global\ndaemon\n',
  ])('reads a mebibyte of %j in time, with few notes', (text) => {
    for (const start of [
      '',
      'backend b\n server a ',
      '[mysqld]\nlog_bin = ',
      'listen a\nreqirep ^Host: ',
      'frontend a\nbind :1 ',
    ]) {
      const begun = performance.now();
      const { notes } = adaptation(start + repeated(text), surroundings);
      expect(performance.now() - begun).toBeLessThan(4000);
      expect(notes.join('\n').length).toBeLessThan(64 * 1024);
    }
  });
});
