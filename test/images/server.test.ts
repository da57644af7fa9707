import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { imageFor } from '../support/images.ts';

const execute = promisify(execFile);

let server: string;
let web: string;
let database: string;

beforeAll(async () => {
  [server, web, database] = await Promise.all([imageFor('server'), imageFor('web'), imageFor('database')]);
});

async function sh(image: string, script: string): Promise<string> {
  const { stdout } = await execute('docker', [
    'run',
    '--rm',
    '--network',
    'none',
    '--entrypoint',
    'sh',
    image,
    '-c',
    script,
  ]);
  return stdout.trim();
}

const application = 'find /srv/app -type f -exec sha256sum {} + | sort';

test('the application and its files are those of the web server’s image', async () => {
  const [own, theirs] = await Promise.all([sh(server, application), sh(web, application)]);
  expect(own.split('\n').length).toBeGreaterThan(5);
  expect(own).toBe(theirs);
});

test('it supervises what both of them supervise', async () => {
  const [own, nginx, mysql] = await Promise.all([server, web, database].map((image) => sh(image, 'ls /etc/s6')));
  // A web server's balancer before a group of databases has no use beside a database.
  const wanted = new Set([...(nginx ?? '').split('\n'), ...(mysql ?? '').split('\n')]);
  wanted.delete('database-balancer');
  expect(new Set((own ?? '').split('\n'))).toEqual(wanted);
});

test('it brings MySQL’s initialised data, and AIDE finds its files as they were built', async () => {
  expect(await sh(server, 'ls /var/lib/mysql/ibdata1; id -u')).toBe('/var/lib/mysql/ibdata1\n10030');
  await sh(server, 'aide --config=/usr/local/share/integrity/image --check');
});

test('it is healthy only when both are', async () => {
  expect(await sh(server, 'healthy || echo no')).toContain('no');
});
