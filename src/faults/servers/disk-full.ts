import { filledDisk } from '../changes/filled-disk.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const diskFull: Fault = {
  name: 'server-disk-full',
  part: 'servers',
  title: 'The writable disk of one server is full',
  difficulty: 2,
  visitor: 'Nothing yet: what has to be written fails.',
  felt: false,
  checks: ['hardening.room-to-work'],
  alert: { name: 'DiskNearlyFull', withinSeconds: 20 },
  hints: [
    'Everything runs. Is there room to work?',
    'Look at the writable places of each server: `df`.',
    'Something large lies in /tmp of web3.',
  ],
  needs: ['web'],
  changes: (plan) => [filledDisk(lastServer(plan).name, '/tmp')],
};
