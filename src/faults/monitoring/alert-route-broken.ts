import { configuration } from '../changes/configuration.ts';
import { the } from '../cast.ts';
import { replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const alertRouteBroken: Fault = {
  name: 'monitoring-alert-route-broken',
  part: 'monitoring',
  title: 'Alertmanager sends its mail to a port where nobody listens',
  difficulty: 2,
  visitor: 'Nothing. And nobody hears of anything.',
  felt: false,
  checks: ['monitoring.alert-mail', 'hardening.configuration-intact'],
  alert: { name: 'MonitoringSilent', withinSeconds: 40 },
  hints: [
    'Alerts fire. Who gets them?',
    'Follow an alert: Prometheus, Alertmanager, mail, inbox.',
    'smtp_smarthost in alertmanager.yml.',
  ],
  needs: ['alertmanager', 'inbox'],
  changes: (plan) => [
    configuration(
      the(plan, 'alertmanager').name,
      'alertmanager.yml',
      replace(/(smtp_smarthost: .*):25/, '$1:2525'),
      'SIGHUP',
    ),
  ],
};
