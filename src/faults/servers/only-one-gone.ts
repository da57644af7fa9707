import { containerState } from '../changes/container.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const onlyOneGone: Fault = {
  name: 'server-only-one-gone',
  part: 'servers',
  title: 'The only server is gone, as with a power cut',
  difficulty: 1,
  visitor: 'There is no site.',
  felt: true,
  checks: [
    'servers.site-answers',
    'servers.static-files',
    'servers.files-intact',
    'servers.application-ready',
    'database.reachable',
    'hardening.configuration-intact',
  ],
  alert: { name: 'ServerDown', withinSeconds: 20 },
  hints: ['Does anything answer?', 'Does anything run?', '`lab status`: the server does not run.'],
  needs: ['server'],
  changes: (plan) => [containerState(lastServer(plan).name, 'killed')],
};
