import { describe, expect, it } from 'vitest';
import { checkProjectName } from '../../../src/life/projects.ts';
import { isUp } from '../../../src/life/status.ts';

describe('a project’s name', () => {
  it.each(['demo', '0', 'a_b-c', 'x'.repeat(40)])('can be %j', (name) => {
    expect(checkProjectName(name)).toBe(name);
  });

  it.each(['', 'Demo', '-x', '_x', '.', '..', '../evil', 'a/b', 'a b', 'x'.repeat(41), 'é', 'demo\n'])(
    'cannot be %j',
    (name) => {
      expect(() => checkProjectName(name)).toThrow(
        expect.objectContaining({ code: 'PROJECT_NAME', exitCode: 2 }) as Error,
      );
    },
  );
});

describe('a service', () => {
  it.each([
    ['running', 'healthy', true],
    ['running', null, true],
    ['running', 'starting', false],
    ['running', 'unhealthy', false],
    ['exited', null, false],
    ['restarting', 'healthy', false],
    ['absent', null, false],
  ])('%s and %s: up is %s', (state, health, up) => {
    expect(isUp({ state, health })).toBe(up);
  });
});
