import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';

/** An installation that is built, and a Node.js that tells how it was started. */
const root = mkdtempSync(join(tmpdir(), 'lab-launcher-'));
const told = `#!/bin/sh
[ "$1" != -p ] || { echo 20.20.0; exit; }
printf '{"certificates":"%s","options":"%s"}' "\${NODE_EXTRA_CA_CERTS-}" "\${*%%/*}"
`;

beforeAll(() => {
  for (const folder of ['node_modules', 'src', 'dist', 'bin']) mkdirSync(join(root, folder));
  copyFileSync(join(import.meta.dirname, '../../../lab'), join(root, 'lab'));
  for (const file of ['build.js', 'package-lock.json', 'node_modules/.package-lock.json', 'dist/.stamp']) {
    writeFileSync(join(root, file), '');
  }
  writeFileSync(join(root, 'bin/node'), told);
  chmodSync(join(root, 'bin/node'), 0o755);
});
afterAll(() => rmSync(root, { recursive: true }));

async function started(argv: readonly string[], env: Record<string, string> = {}): Promise<unknown> {
  const { stdout } = await execa(join(root, 'lab'), argv, {
    env: {
      PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      LAB_DEBUG: '',
      ...env,
    },
  });
  return JSON.parse(stdout);
}

describe('the launcher', () => {
  const offline = ['generate', 'diagram', 'list', 'completion', 'complete'];

  it.each(['', '--help', '-h', 'help', '--version', ...offline])(
    'starts %j fast, since it connects to nothing',
    async (word) => {
      const argv = word === '' ? [] : [word];
      expect(await started(argv)).toMatchObject({ certificates: '' });
    },
  );

  it.each(commands.map(({ name }) => name).filter((name) => !offline.includes(name)))(
    'leaves %s the certificates that its connections need',
    async (name) => {
      expect(await started([name, '--json'])).toMatchObject({ certificates: '/ca.pem' });
    },
  );

  it('reads source maps for LAB_DEBUG alone', async () => {
    const maps = { options: expect.stringContaining('--enable-source-maps') as string };
    expect(await started(['up'], { LAB_DEBUG: '1' })).toMatchObject(maps);
    expect(await started(['up'], { LAB_DEBUG: '0' })).not.toMatchObject(maps);
  });
});
