/** Opens two vantages, says so, and waits to be killed. */
import { client } from '../../src/engine/docker.ts';
import type { StrangerZone } from '../../src/probe/strangers.ts';
import { Vantages } from '../../src/probe/vantages.ts';

const [project = '', image = '', zones = '[]', service = ''] = process.argv.slice(2);
const vantages = new Vantages({
  docker: client(),
  project,
  image,
  zones: JSON.parse(zones) as StrangerZone[],
  containerOf: (id) => Promise.resolve(id),
});
await vantages.open([{ zone: 'web' }, { service }]);
process.stdout.write('open\n');
setInterval(() => undefined, 60_000);
