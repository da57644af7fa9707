import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../../../images/web/app/config.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'web-config-'));
  writeFileSync(join(folder, 'password'), 'sesame\n');
  writeFileSync(join(folder, 'ca.pem'), 'PEM');
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(change: object): string {
  const database = {
    name: 'foobar',
    user: 'app',
    passwordFile: join(folder, 'password'),
    caFile: join(folder, 'ca.pem'),
    primary: { host: 'db-primary', port: 3306 },
    replica: { host: 'db-replica', port: 3306 },
    ...change,
  };
  const path = join(folder, 'app.json');
  writeFileSync(path, JSON.stringify({ database }));
  return path;
}

test('the password and the authority come from the files that the configuration names', () => {
  expect(loadConfig(written({})).database).toMatchObject({
    password: 'sesame',
    ca: 'PEM',
    primary: { host: 'db-primary', port: 3306 },
  });
});

test.each([
  [{ user: undefined }, '"user" must be a string'],
  [{ name: '' }, '"name" must be a string'],
  [{ replica: 'db-replica:3306' }, '"replica" must be an object'],
  [{ primary: { host: 'db-primary', port: '3306' } }, '"port" must be a whole number'],
  [{ passwordFile: '/nonexistent' }, 'ENOENT'],
])('a mistake is named: %j', (change, message) => {
  expect(() => loadConfig(written(change))).toThrow(message);
});
