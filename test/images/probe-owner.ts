/** Opens two vantages, says so, and waits to be killed. */
import { client } from '../../src/engine/docker.ts';
import { Vantages } from '../../src/probe/vantages.ts';

const [project = '', image = '', zones = '[]'] = process.argv.slice(2);
const vantages = new Vantages({
  docker: client(),
  project,
  image,
  zones: JSON.parse(zones) as { name: string; gateway: string; host?: string }[],
  containerOf: () => Promise.reject(new Error('no service here')),
});
await vantages.open([
  { zone: 'web', as: 'one' },
  { zone: 'web', as: 'two' },
]);
process.stdout.write('open\n');
setInterval(() => undefined, 60_000);
