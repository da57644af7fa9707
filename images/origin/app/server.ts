import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The grader's own web server: every answer says what came, with a proof over it that only who has the secret can make. So a
 * balancer that is graded can pass answers on, and cannot make them up. SIGUSR2 takes it off its port; after SIGHUP its health
 * path answers 500 and all else is as before; after SIGWINCH it takes requests and never answers. SIGCONT ends all of that.
 */
const { name, secret, port } = JSON.parse(readFileSync('/etc/lab/origin.json', 'utf8')) as {
  name: string;
  secret: string;
  port: number;
};

const healthPath = '/healthz';
const sockets = new Set<Socket>();
let ails = false;
let hangs = false;

const server = createServer((request, response) => {
  if (hangs) return void request.resume();
  const seen = JSON.stringify({
    server: name,
    method: request.method,
    path: request.url,
    headers: request.headers,
    peer: request.socket.remoteAddress,
  });
  const proof = createHmac('sha256', secret).update(seen).digest('hex');
  request.resume();
  const status = ails && request.url?.split('?', 1)[0] === healthPath ? 500 : 200;
  response.writeHead(status, { 'content-type': 'application/json', 'x-served-by': name, 'x-proof': proof });
  response.end(request.method === 'HEAD' ? undefined : seen);
});
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});

const hangUp = (): void => {
  for (const socket of sockets) socket.destroy();
};
const listen = (): void => void server.listen(port, '0.0.0.0', () => process.stdout.write('listening\n'));

process.on('SIGUSR2', () => {
  server.close(() => process.stdout.write('silent\n'));
  hangUp();
});
process.on('SIGHUP', () => (ails = true));
process.on('SIGWINCH', () => (hangs = true));
process.on('SIGCONT', () => {
  if (hangs) hangUp();
  ails = hangs = false;
  if (!server.listening) listen();
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
// Silent is not ended.
setInterval(() => undefined, 3_600_000);
listen();
