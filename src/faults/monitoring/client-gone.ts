import { processState } from '../changes/process.ts';
import { the } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const clientGone: Fault = {
  name: 'monitoring-client-gone',
  part: 'monitoring',
  title: 'The monitoring client of the balancer is gone',
  difficulty: 1,
  visitor: 'Nothing.',
  felt: false,
  checks: ['monitoring.targets-up'],
  alert: { name: 'TargetDown', withinSeconds: 20 },
  hints: [
    'Who watches, and who does not let itself be watched?',
    'Look at the targets of Prometheus.',
    'The node exporter of the balancer does not run.',
  ],
  needs: ['balancer', 'prometheus'],
  changes: (plan) => [processState(the(plan, 'balancer').name, 'node-exporter', 'stopped')],
};
