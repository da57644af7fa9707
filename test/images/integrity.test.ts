import { appendFile, rm, writeFile } from 'node:fs/promises';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { imageFor } from '../support/images.ts';
import { scratch } from './hardened.ts';

let remove: () => Promise<void>;
let lab: string;
let server: StartedTestContainer;

beforeEach(async () => {
  const made = await scratch();
  remove = made.remove;
  lab = join(made.folder, 'lab');
  mkdirSync(lab);
  for (const file of ['nginx.conf', 'app.json']) writeFileSync(join(lab, file), file);
  // The root is not read-only here, so that the test can spoil the image's own files.
  server = await new GenericContainer(await imageFor('web'))
    .withUser('10020:10020')
    .withTmpFs({ '/run': 'uid=10020,gid=10020,mode=755' })
    .withBindMounts([{ source: lab, target: '/etc/lab', mode: 'ro' }])
    .withEntrypoint(['sleep', 'infinity'])
    .withWaitStrategy(Wait.forSuccessfulCommand('true'))
    .start();
  // The first comparison notes what is mounted.
  await figures();
});

afterEach(async () => {
  await server?.stop();
  await remove?.();
});

/** Has the files compared once, and reads what Prometheus would. */
async function figures(): Promise<Record<string, number>> {
  const written = '/run/textfile/integrity.prom';
  const once = `rm -f ${written}; check-files >/dev/null 2>&1 & until [ -e ${written} ]; do sleep 0.05; done; kill $!`;
  expect((await server.exec(['timeout', '30', 'sh', '-c', once])).exitCode).toBe(0);
  const { output } = await server.exec(['cat', '/run/textfile/integrity.prom']);
  const lines = output.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line): [string, number] => {
      const [name = '', value] = line.split(' ');
      return [/state="(\w+)"/.exec(name)?.[1] ?? name, Number(value)];
    }),
  );
}

async function asRoot(command: string): Promise<void> {
  const container = (await connect()).getContainer(server.getId());
  const exec = await container.exec({ Cmd: ['sh', '-ec', command], User: '0', AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  stream.resume();
  await new Promise((resolve) => stream.on('end', resolve));
  expect((await exec.inspect()).ExitCode, command).toBe(0);
}

test('as it was built and mounted, nothing differs', async () => {
  const found = await figures();
  expect(found).toMatchObject({ file_integrity_up: 1, changed: 0, missing: 0, added: 0 });
  expect(found['file_integrity_entries']).toBeGreaterThan(20);
  expect(Math.abs((found['file_integrity_last_check_seconds'] ?? 0) - Date.now() / 1000)).toBeLessThan(30);
});

test('a mounted file that is changed, missing or added is counted, and no more once it is back', async () => {
  await appendFile(join(lab, 'nginx.conf'), '# by hand\n');
  expect(await figures()).toMatchObject({ changed: 1, missing: 0, added: 0 });
  await writeFile(join(lab, 'nginx.conf'), 'nginx.conf');
  await rm(join(lab, 'app.json'));
  expect(await figures()).toMatchObject({ changed: 0, missing: 1, added: 0 });
  await writeFile(join(lab, 'app.json'), 'app.json');
  await writeFile(join(lab, 'new.conf'), '');
  expect(await figures()).toMatchObject({ changed: 0, missing: 0, added: 1 });
  await rm(join(lab, 'new.conf'));
  expect(await figures()).toMatchObject({ changed: 0, missing: 0, added: 0, file_integrity_up: 1 });
});

test('so is a file of the application', async () => {
  await asRoot(
    'echo >> /srv/app/app.js; rm /srv/app/static/about.html; touch /srv/app/shell.php; chmod 666 /etc/nginx/mime.types',
  );
  expect(await figures()).toMatchObject({ changed: 2, missing: 1, added: 1 });
});

test('it says so when it cannot compare', async () => {
  await asRoot('rm /usr/local/share/integrity/image.db');
  expect(await figures()).toMatchObject({ file_integrity_up: 0 });
});
