import { balancing } from '../changes/balancing.ts';
import { processState } from '../changes/process.ts';
import { lastServer } from '../cast.ts';
import { all, replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const blindHealthCheck: Fault = {
  name: 'balancer-blind-health-check',
  part: 'balancer',
  title: 'The balancer asks for the health of Nginx alone, and one application is dead',
  difficulty: 3,
  visitor: 'Every third page fails.',
  felt: true,
  checks: [
    'balancing.site-answers',
    'servers.application-ready',
    'monitoring.targets-up',
    'hardening.configuration-intact',
  ],
  alert: { name: 'ApplicationDown', withinSeconds: 20 },
  hints: [
    'It depends on which server answers, and the balancer believes all to be well.',
    'What does the balancer ask a server, to know that it is well? Who answers that?',
    'http-check asks for a file, which Nginx has without the application: it should ask /healthz.',
  ],
  needs: ['balancer', 'web'],
  changes: (plan) => [
    ...balancing(
      plan,
      all(
        replace('uri /healthz', 'uri /static/site.css'),
        replace(/retry-on .*/, 'retry-on conn-failure'),
        replace(/ observe layer4 .*/, ''),
      ),
    ),
    processState(lastServer(plan).name, 'app', 'stopped'),
  ],
};
