import { isMutual } from '../../plan/inside.ts';
import { configuration } from '../changes/configuration.ts';
import { lastOf } from '../cast.ts';
import { all, replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const serverAnswersAnybody: Fault = {
  name: 'tls-server-answers-anybody',
  part: 'tls',
  title: 'One server answers whoever comes, certificate or not',
  difficulty: 2,
  visitor: 'Nothing.',
  felt: false,
  checks: ['tls.servers-ask-who-comes', 'hardening.configuration-intact'],
  alert: { name: 'FileIntegrity', withinSeconds: 60 },
  hints: [
    'Who may ask a server?',
    'Ask each of them as a stranger in their zone.',
    '`ssl_verify_client off` in nginx.conf of one of them.',
  ],
  needs: ['web'],
  fits: (plan) => isMutual(plan.lab) && lastOf(plan, 'nginx-node') !== undefined,
  changes: (plan) => [
    configuration(
      lastOf(plan, 'nginx-node')?.name ?? '',
      'nginx.conf',
      all(
        replace('ssl_verify_client on;', 'ssl_verify_client off;'),
        replace('if ($asked_by_stranger)', 'if ($asked_by_nobody)'),
        replace('$asked_by_stranger {\n    default 1;', '$asked_by_nobody {\n    default 0;'),
      ),
      { process: 'nginx' },
    ),
  ],
};
