import { describe, expect, test } from 'vitest';
import { compare } from '../../../src/checks/servers/diverse.ts';

const reason = 'it cannot be otherwise';

describe('packages that all servers have', () => {
  test('are waived by name, and by a pattern of names', () => {
    const waivers = [{ packages: ['libc6', 'libkrb5*'], reason }];
    expect(compare(['libc6', 'libkrb5-3', 'libkrb5support0'], waivers)).toEqual({ unwaived: [], stale: [] });
  });

  test('that nobody waives are named', () => {
    expect(compare(['libc6', 'nodejs'], [{ packages: ['libc6'], reason }]).unwaived).toEqual(['nodejs']);
    expect(compare(['libc6'], []).unwaived).toEqual(['libc6']);
  });

  test('a waiver that waives nothing is stale', () => {
    expect(compare(['libc6'], [{ packages: ['libc6', 'haproxy', 'lib*x'], reason }]).stale).toEqual([
      'haproxy',
      'lib*x',
    ]);
  });

  test('a name waives no longer one, and characters of names are no patterns', () => {
    expect(
      compare(['libc6-dev', 'libstdcx6', 'gccx14'], [{ packages: ['libc6', 'libstdc+6', 'gcc.14'], reason }]).unwaived,
    ).toEqual(['libc6-dev', 'libstdcx6', 'gccx14']);
    expect(compare(['libstdc++6'], [{ packages: ['libstdc++6'], reason }])).toEqual({ unwaived: [], stale: [] });
  });
});
