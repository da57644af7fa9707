import type { Breaker, LabUnderTest } from './types.ts';
import { first, runChanged, runUnchanged, type Configured } from './inside.ts';

const haproxy = (lab: LabUnderTest): Configured => ({
  service: first(lab, 'balancer'),
  process: 'haproxy',
  file: 'haproxy.cfg',
});

export const balancingBreakers: Breaker[] = [
  {
    check: 'balancing.survives-stopped-server',
    breakIt: (lab) =>
      runChanged(
        lab,
        haproxy(lab),
        '/option redispatch|retry-on/d; s/^  retries .*/  retries 0/; s/check inter .*/check inter 10s fastinter 10s/',
      ),
    mend: (lab) => runUnchanged(lab, haproxy(lab)),
  },
];
