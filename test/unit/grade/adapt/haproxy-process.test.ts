import { describe, expect, it } from 'vitest';
import { haproxyProcess as process } from '../../../../src/grade/adapt/haproxy-process.ts';
import { after, notes, untouched } from './surroundings.ts';

describe('what HAProxy’s configuration says of its machine', () => {
  it.each([
    'daemon',
    'chroot /srv/cage',
    'user www',
    'group www',
    'uid 7',
    'gid 7',
    'pidfile /run/x.pid',
    'ulimit-n 9000',
    'nbproc 2',
    'stats socket /run/x.sock mode 600',
    'stats socket /run/x.sock mode 660 level admin expose-fd listeners',
    'stats timeout 1m',
  ])('is left out, with its line: %s', (directive) => {
    const text = `global\n  ${directive}\n  nbthread 2\n`;
    expect(after(process, text)).toBe('global\n\n  nbthread 2\n');
    expect(notes(process, text)).toHaveLength(1);
    expect(notes(process, text)[0]).toMatch(/^line 2: /);
  });

  it.each(['', '/run/x.sock expose-fd lis>', '/run/x.sock level', '/run/x.sock mode rw', '/run/x.sock open to all'])(
    'leaves a socket that HAProxy refuses for HAProxy to refuse: stats socket %s',
    (words) => {
      expect(untouched(process, `global\n  stats socket ${words}\n`)).toBe(true);
    },
  );

  it('logs to the container in place of a socket', () => {
    expect(after(process, 'global\n log /dev/log local0 notice\nlisten a\n log /run/log format rfc5424 daemon\n')).toBe(
      'global\n log stdout format raw local0 notice\nlisten a\n log stdout format rfc5424 daemon\n',
    );
  });

  it('keeps the length of its lines', () => {
    expect(after(process, 'global\n log /dev/log len 900 local0\n')).toBe(
      'global\n log stdout len 900 format raw local0\n',
    );
  });

  it('bears at most 4000 connections', () => {
    expect(after(process, 'global\n maxconn 50000\n')).toBe('global\n maxconn 4000\n');
    expect(untouched(process, 'global\n maxconn 4000\n maxconn many\n')).toBe(true);
  });

  it.each([
    'frontend a\n  maxconn 50000\n  stats enable\n  stats uri /s\n',
    'userlist u\n  user a password b\n  group g users a\n',
    'daemon\n',
    'defaults\n  log global\n  log 127.0.0.1 local0\n',
    'global\n  lua-load /x.lua\n  insecure-fork-wanted\n  external-check\n',
    'program p\n  command /bin/sh\n  user root\n',
  ])('is nothing else: %j', (text) => {
    expect(untouched(process, text)).toBe(true);
  });
});
