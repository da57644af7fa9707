import { background } from '../changes/background.ts';
import { leak, leaked } from '../changes/leak.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const memoryLeak: Fault = {
  name: 'server-memory-leak',
  part: 'servers',
  title: 'A process of one server eats up its memory',
  difficulty: 2,
  visitor: 'Nothing, until the kernel ends something.',
  felt: false,
  checks: ['hardening.room-to-work'],
  alert: { name: 'MemoryNearLimit', withinSeconds: 25 },
  hints: [
    'Everything runs. How much room is left?',
    'Compare the memory of each server with its limit: `docker stats`.',
    'Something on web3 is not the application: look at its processes.',
  ],
  needs: ['web'],
  changes: (plan) => [background(lastServer(plan).name, leak, leaked)],
};
