import { expect, it } from 'vitest';
import { readLook } from '../../../../src/checks/hardening/look.ts';
import { changes } from '../../../../src/checks/hardening/state.ts';

const digest = (letter: string): string => letter.repeat(64);

it('reads memory without clean pages, places in bytes, and files with their digests', () => {
  const look = readLook(`share memory 1000 2000 100\nshare /tmp 16 64 0\nfile ${digest('a')} rules/all.yml\n`);
  expect(look.shares).toEqual([
    { what: 'memory', used: 900, of: 2000 },
    { what: '/tmp', used: 16_384, of: 65_536 },
  ]);
  expect([...look.configuration]).toEqual([['rules/all.yml', digest('a')]]);
});

it('knows no limit where there is none', () => {
  expect(readLook('share memory 1000 max 100\n').shares).toEqual([]);
});

it('tells changed, missing and added files, and looks at one service’s alone', () => {
  const written = {
    'config/web1/a': digest('a'),
    'config/web1/b': digest('b'),
    'config/web2/c': digest('c'),
    'config/web1/secret': null,
  };
  const found = new Map([
    ['a', digest('x')],
    ['d', digest('d')],
    ['secret', digest('s')],
  ]);
  expect(changes('web1', found, written)).toEqual(['web1: a was changed', 'web1: b is missing', 'web1: d was added']);
});
