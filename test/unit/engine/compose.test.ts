import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { composeEnvironment, composeIsNewEnough, lookForCompose, parsePs } from '../../../src/engine/compose.ts';
import { apiAtLeast, checkEngine, explainConnection } from '../../../src/engine/docker.ts';

describe('versions', () => {
  it.each([
    ['2.26.1-4', true],
    ['2.20.0', true],
    ['v5.0.0', true],
    ['2.19.1', false],
    ['1.29.2', false],
  ])('Compose %s will do: %s', (version, expected) => expect(composeIsNewEnough(version)).toBe(expected));

  it.each([
    ['1.44', true],
    ['1.100', true],
    ['2.0', true],
    ['1.43', false],
    ['1.9', false],
  ])('API %s is at least 1.44: %s', (api, expected) => expect(apiAtLeast(api, '1.44')).toBe(expected));

  it('a Compose that is not there, or that is old, is an error of its own', async () => {
    await expect(lookForCompose([['no-such-program-here']])).rejects.toMatchObject({
      code: 'COMPOSE_MISSING',
      exitCode: 3,
    });
    const old = ['sh', '-c', 'echo 1.29.2'];
    await expect(lookForCompose([['no-such-program-here'], old])).rejects.toMatchObject({ code: 'COMPOSE_TOO_OLD' });
    const fine = ['sh', '-c', 'echo v2.40.3'];
    await expect(lookForCompose([old, fine])).resolves.toEqual({ argv: fine, version: '2.40.3' });
  });
});

describe('an engine', () => {
  // What an engine answers to `GET /version`: one that old is not to be had here.
  const engine = (Version: string, ApiVersion: string): Docker =>
    ({ version: () => Promise.resolve({ Version, ApiVersion }) }) as unknown as Docker;

  it('that is too old is refused, with what would do', async () => {
    await expect(checkEngine(engine('24.0.7', '1.43'))).rejects.toMatchObject({
      code: 'ENGINE_TOO_OLD',
      exitCode: 3,
      problems: [{ found: 'API 1.43', expected: expect.stringContaining('1.44') as string }],
    });
    await expect(checkEngine(engine('25.0.0', '1.44'))).resolves.toEqual({ version: '25.0.0', api: '1.44' });
  });
});

describe('an engine that does not answer', () => {
  const error = (code: string): Error => Object.assign(new Error(code), { code });

  it('is missing, stopped or forbidden', () => {
    expect(explainConnection(error('EACCES'), true)).toMatchObject({ code: 'ENGINE_NO_RIGHTS', exitCode: 3 });
    const stopped = explainConnection(error('ENOENT'), true);
    const missing = explainConnection(error('ECONNREFUSED'), false);
    expect([stopped.code, missing.code]).toEqual(['ENGINE_MISSING', 'ENGINE_MISSING']);
    expect(stopped.problems[0]?.fix).toContain('not running');
    expect(missing.problems[0]?.fix).toContain('./lab setup');
  });
});

it('Compose’s own settings do not leak in from the environment', () => {
  const env = {
    PATH: '/bin',
    COMPOSE_FILE: 'other.yml',
    COMPOSE_PROFILES: 'x',
    COMPOSE_PROJECT_NAME: 'y',
    COMPOSE_PARALLEL_LIMIT: '2',
    DOCKER_HOST: 'z',
  };
  expect(composeEnvironment(env)).toEqual({ PATH: '/bin', COMPOSE_PARALLEL_LIMIT: '2', DOCKER_HOST: 'z' });
});

it('reads containers in both forms that Compose has printed them', () => {
  const one = { Service: 'a', Name: 'p-a-1', State: 'running', Health: 'healthy', ExitCode: 0 };
  const two = { ...one, Service: 'b' };
  expect(parsePs(JSON.stringify([one, two]))).toEqual([one, two]);
  expect(parsePs(`${JSON.stringify(one)}\n${JSON.stringify(two)}\n`)).toEqual([one, two]);
  expect(parsePs('')).toEqual([]);
});
