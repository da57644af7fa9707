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

/** Files made of lines that adaptations look at, of their words in any order, and of whatever else. */
const known = fc.constantFrom(
  ...String.raw`global
frontend a
listen b
[mysqld]
[ mysqld ]
bind :443 ssl crt /etc/x.pem crt-list "/a b"
bind 203.0.113.1:80 process 1
server web 203.0.113.9:80 check addr host.example
server web 10.20.0.11:80,check
server web [2001:db8::1]:80
server web WEB2
log /dev/log len 9 local0
maxconn 9999999
daemon
stats socket /x
reqadd X-A:\ b%c
rspidel ^Server:.* if { }
reqirep ^Host:\ (.*) Host:\ \1
reqrep ^([^\ :]*)\ /(.*) \1\ /x\2 # y
option httpchk GET / HTTP/1.1\r\nHost:\ a%b
option forceclose
block if { path / }
monitor-net 10.0.0.0/8
errorfile 503 /x
log_bin = "/x/y" # z
log-error=/x
expire_logs_days = 9
skip_host_cache
! includedir /x
bind-address = 1.2.3.4
character-set-server=utf8
plugin_load = semisync_master.so`.split('\n'),
);
const words = known.chain((line) => fc.shuffledSubarray(line.split(' '))).map((parts) => parts.join(' '));
const file = fc
  .array(fc.oneof({ weight: 6, arbitrary: known }, { weight: 3, arbitrary: words }, fc.string()), { maxLength: 20 })
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));

describe.each(named)('%s', (name, adaptation) => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(file, (text) => {
        const once = adaptation(text, surroundings);
        expect(adaptation(once.text, surroundings)).toEqual({ text: once.text, notes: [] });
      }),
      { numRuns: 200 },
    );
  });

  it('says so when it changes something, and keeps the lines', () => {
    fc.assert(
      fc.property(file, (text) => {
        const { text: adapted, notes } = adaptation(text, surroundings);
        expect(notes.length > 0).toBe(adapted !== text);
        expect(notes.every((note) => /^(lines? \d|and \d)[^\p{Cc}]*$/u.test(note))).toBe(true);
        // Headers of a health check get a line, the last line its end: nothing else adds any.
        const more = adapted.split('\n').length - text.split('\n').length;
        expect(more).toBeGreaterThanOrEqual(0);
        if (name !== 'haproxy-newer' && name !== 'haproxy-final-newline') expect(more).toBe(0);
      }),
    );
  });

  const mebibyte = 1 << 20;
  it.each([
    ['', 'x'],
    ['', 'listen b\nbind :1 ssl crt /a\ndaemon\n'],
    ['', 'listen a\nreqirep ^Host:\\ (.*)(.*) Host:\\ \\1\n'],
    ['frontend a\nbind :1 ', ' crt /a'],
    ['frontend a\nreqadd X: "', ' '],
    ['backend b\n server a ', '1.1.1.1 addr '],
    ['backend b\noption httpchk GET / ', 'H\\r\\nA:b'],
    ['[mysqld]\nlog_bin = ', '/"'],
    ['[mysqld]\n! include ', ' '],
  ])('reads %j and a mebibyte of lines of %j in time, with few notes', (start, text) => {
    const hostile = [4000, mebibyte].map((length) =>
      `${start}${text.repeat(Math.ceil(length / text.length))}\n`.repeat(Math.ceil(mebibyte / length)),
    );
    const begun = performance.now();
    const notes = hostile.flatMap((long) => adaptation(long, surroundings).notes);
    // Linear ones take less than half a second; with a square in it a mebibyte takes hours.
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(notes.join('\n').length).toBeLessThan(128 * 1024);
  });
});
