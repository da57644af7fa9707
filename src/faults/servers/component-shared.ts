import { packageFrom } from '../changes/package.ts';
import { lastOf } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const componentShared: Fault = {
  name: 'server-component-shared',
  part: 'servers',
  title: 'A component that two servers had is on the third, too: a flaw of it would take all',
  difficulty: 3,
  visitor: 'Nothing.',
  felt: false,
  checks: ['servers.diverse', 'servers.files-intact'],
  alert: { name: 'FileIntegrity', withinSeconds: 60 },
  hints: [
    'All is well with each server. Is it with all of them together?',
    'Compare what the servers are made of: `dpkg-query -W` on each.',
    'The package media-types is on all three, and was not meant to be.',
  ],
  needs: ['web'],
  fits: (plan) =>
    plan.lab.diversity !== undefined &&
    lastOf(plan, 'nginx-node') !== undefined &&
    lastOf(plan, 'apache-php') !== undefined,
  changes: (plan) => [
    packageFrom(lastOf(plan, 'apache-php')?.name ?? '', lastOf(plan, 'nginx-node')?.name ?? '', {
      name: 'media-types',
      file: '/etc/mime.types',
    }),
  ],
};
