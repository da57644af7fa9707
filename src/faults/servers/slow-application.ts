import { startedBehind } from '../changes/prelude.ts';
import { holdingBack } from '../changes/holding-back.ts';
import { stackNameOf } from '../../plan/stacks.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const slowApplication: Fault = {
  name: 'server-slow-application',
  part: 'servers',
  title: 'The application of one server takes half a second more for each answer',
  difficulty: 2,
  visitor: 'Every third page is slow.',
  felt: true,
  checks: ['servers.answers-quickly'],
  alert: { name: 'ApplicationSlow', withinSeconds: 30 },
  hints: [
    'It depends on which server answers.',
    'Measure: `curl -w %{time_total}` from each server.',
    'The application’s own histogram on web3 says where the time goes: it was started with something that holds answers back.',
  ],
  needs: ['web'],
  changes: (plan) => {
    const { name } = lastServer(plan);
    return [startedBehind(name, 'app', holdingBack(stackNameOf(plan.lab, name), 500))];
  },
};
