import { startedBehind } from '../changes/prelude.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const clockSkew: Fault = {
  name: 'monitoring-clock-skew',
  part: 'monitoring',
  title: 'The application of one server lives two minutes in the future',
  difficulty: 3,
  visitor: 'Messages written through that server seem to come from the future.',
  felt: false,
  checks: ['monitoring.clocks-agree'],
  alert: { name: 'ClockSkew', withinSeconds: 25 },
  hints: [
    'Everything answers. What time is it?',
    'Compare the clocks that the servers themselves report.',
    'The application of web3 was started with a clock of its own.',
  ],
  needs: ['web', 'prometheus'],
  changes: (plan) => [
    startedBehind(
      lastServer(plan).name,
      'app',
      'export FAKETIME=+120s FAKETIME_DONT_FAKE_MONOTONIC=1\nexport LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1)',
    ),
  ],
};
