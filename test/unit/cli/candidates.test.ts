import { describe, expect, it } from 'vitest';
import { candidates } from '../../../src/cli/candidates.ts';

describe('completion', { timeout: 30_000 }, () => {
  it.each([
    [['sta'], ['status']],
    [
      ['up', '--certificates', ''],
      ['lab-ca', 'mkcert', 'self-signed'],
    ],
    [['up', 'secured'], ['secured-monitored']],
    [
      ['up', '--ht'],
      ['--http-port', '--https-port'],
    ],
    [['diagram', '--format', 's'], ['svg']],
    [
      ['images', ''],
      ['build', 'load', 'save'],
    ],
    [['completion', 'z'], ['zsh']],
    [['help', 'veri'], ['verify']],
    [['up', 'secured-monitored', ''], []],
    [['shell', 'web1', '--', 'l'], []],
    [['nonsense', ''], []],
  ])('of %j is %j', async (words, expected) => expect(await candidates(words)).toEqual(expected));

  it('names no hidden command', async () => {
    expect(await candidates(['compl'])).toEqual(['completion']);
  });
});
