import { configuration } from '../changes/configuration.ts';
import { lastServer, the } from '../cast.ts';
import { replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

/** Prometheus takes some seconds to let go of a target. */
const targets =
  "(exec 3<>/dev/tcp/127.0.0.1/9090; printf 'GET /api/v1/targets?state=active HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3)";

export const targetRemoved: Fault = {
  name: 'monitoring-target-removed',
  part: 'monitoring',
  title: 'Prometheus no longer asks one server’s Nginx, or what it has in its place',
  difficulty: 2,
  visitor: 'Nothing.',
  felt: false,
  checks: ['monitoring.targets-up', 'hardening.configuration-intact'],
  alert: { name: 'TargetMissing', withinSeconds: 25 },
  hints: [
    'Nothing is down. Is everything there?',
    'Count the targets of each job.',
    'prometheus.yml lacks port 9113 of web3.',
  ],
  needs: ['web', 'prometheus'],
  changes: (plan) => {
    const { name } = lastServer(plan);
    return [
      configuration(
        the(plan, 'prometheus').name,
        'prometheus.yml',
        replace(new RegExp(`^ +- targets: \\["${name}:9113"\\]\n.*\n`, 'm'), ''),
        'SIGHUP',
        `! ${targets} | grep -q ${name}:9113`,
      ),
    ];
  },
};
