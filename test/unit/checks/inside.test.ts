import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insideArguments } from '../../../src/checks/inside-script.ts';
import { readInside } from '../../../src/checks/inside.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());

test.each(['with Perl', 'without Perl'])(
  'the script tells an open port from a closed one, and reads the processes, %s',
  async (how) => {
    const open = `tcp/127.0.0.1:${port}`;
    const closed = 'tcp/127.0.0.2:1';
    const refused = 'udp/127.0.0.2:1';
    const [, ...argv] = insideArguments('localhost', [`allowed=${open}`, `denied=${closed}`, `denied=${refused}`]);
    // A function of that name is what bash finds first: `command -v` with nothing behind it.
    if (how === 'without Perl') argv[1] = `command() { false; }; ${argv[1] ?? ''}`;
    const { stdout } = await promisify(execFile)('bash', argv, {
      env: { ...process.env, MARK: 'marked-environment' },
      maxBuffer: 64 * 1024 * 1024,
    });
    const seen = readInside(stdout, [open, closed, refused, 'tcp/192.0.2.1:80']);
    expect(Object.fromEntries(seen.reached)).toEqual({
      [open]: 'open',
      [closed]: 'closed',
      [refused]: how === 'with Perl' ? 'closed' : 'filtered',
      'tcp/192.0.2.1:80': 'filtered',
    });
    expect(seen.uids).toContain(process.getuid?.());
    expect(seen.resolved).toContain('127.0.0.1');
    expect(seen.processes).toContain('marked-environment');
  },
);

test('what the script prints is told apart', () => {
  const output = [
    'open tcp/10.0.0.1:80',
    'failed tcp/10.0.0.6:80: Connection refused',
    'inside: connect: Connection refused',
    'bash: line 1: /dev/tcp/10.0.0.2/22: Connection refused',
    'bash: line 1: /dev/tcp/10.0.0.3/22: Network is unreachable',
    'bash: line 1: /dev/tcp/10.0.0.4/22: No route to host',
    'tried all',
    'inside: line 15: /.lab-write: Read-only file system',
    'inside: line 15: /etc/.lab-write: Read-only file system',
    'inside: line 15: /opt/.lab-write: Permission denied',
    'wrote /var',
    'secret 400 10020 /run/secrets/mysql-app',
    'key /run/secrets/server.key',
    'Name:\tnginx',
    'Uid:\t10020\t10020\t10020\t10020',
    'Name:\trunc:[2:INIT]',
    'Uid:\t0\t0\t0\t0',
    'ipv6 fe80000000000000 02 40 20 80     eth0',
    'ipv6 00000000000000000000000000000001 01 80 10 80       lo',
    '=processes=',
    'open 10.0.0.9:80',
  ].join('\n');
  const seen = readInside(output, ['tcp/10.0.0.1:80', 'tcp/10.0.0.5:1']);
  expect(Object.fromEntries(seen.reached)).toEqual({
    'tcp/10.0.0.1:80': 'open',
    'tcp/10.0.0.6:80': 'closed',
    'tcp/10.0.0.2:22': 'closed',
    'tcp/10.0.0.3:22': 'unroutable',
    'tcp/10.0.0.4:22': 'filtered',
    'tcp/10.0.0.5:1': 'filtered',
  });
  expect(seen).toMatchObject({
    writable: ['/var'],
    readOnly: ['/', '/etc'],
    secrets: [{ mode: '400', uid: 10020, name: 'mysql-app' }],
    keys: ['/run/secrets/server.key'],
    uids: [10020],
    ipv6: ['fe80000000000000 02 40 20 80     eth0'],
    processes: 'open 10.0.0.9:80',
  });
});

test('silence means nothing when connections were not tried to their end', () => {
  expect(() => readInside('=processes=\n', ['tcp/10.0.0.1:80'])).toThrow('connections were not tried');
});
