import type { StartedNetwork, StartedTestContainer } from 'testcontainers';
import { GenericContainer, Wait } from 'testcontainers';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A server to stand behind the balancer: it answers with the headers it got, counts requests by path, and
 * misbehaves on request: `/control/drop` (takes requests and hangs up), `/control/unwell`, `/control/normal`.
 */
const program = `
const { createServer } = require('node:http');
let mode = 'normal';
const counts = {};
createServer((request, response) => {
  const path = request.url;
  response.setHeader('X-Served-By', process.env.HOSTNAME);
  if (path.startsWith('/control/count')) return response.end(String(counts[path.slice(14)] ?? 0));
  if (path.startsWith('/control/')) { mode = path.slice(9); return response.end(); }
  if (path === '/healthz') { response.statusCode = mode === 'unwell' ? 503 : 200; return response.end(); }
  counts[path] = (counts[path] ?? 0) + 1;
  request.resume().on('end', () => {
    if (mode === 'drop') return request.socket.destroy();
    const status = /^\\/status\\/(\\d+)$/.exec(path);
    response.writeHead(status ? Number(status[1]) : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.headers));
  });
}).listen(8000);
process.on('SIGTERM', () => process.exit());
`;

export function startUpstream(
  image: string,
  name: string,
  network: StartedNetwork,
  folder: string,
): Promise<StartedTestContainer> {
  const source = join(folder, `upstream-${name}`);
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'upstream.cjs'), program);
  return new GenericContainer(image)
    .withEntrypoint(['node', '/upstream/upstream.cjs'])
    .withBindMounts([{ source, target: '/upstream', mode: 'ro' }])
    .withHostname(name)
    .withEnvironment({ HOSTNAME: name })
    .withNetwork(network)
    .withExposedPorts(8000)
    .withWaitStrategy(Wait.forHttp('/healthz', 8000))
    .start();
}
