import type { Breaker, LabUnderTest } from './types.ts';
import { first, lastServer, runChanged, runUnchanged, type Configured } from './inside.ts';

const haproxy = (lab: LabUnderTest): Configured => ({
  service: first(lab, 'balancer'),
  process: 'haproxy',
  file: 'haproxy.cfg',
});

/** HAProxy with one thing changed in its configuration. */
const changed = (check: string, edit: (lab: LabUnderTest) => string): Breaker => ({
  check,
  breakIt: (lab) => runChanged(lab, haproxy(lab), edit(lab)),
  mend: (lab) => runUnchanged(lab, haproxy(lab)),
});

const statisticsRule = (lab: LabUnderTest): string[] => {
  const balancer = lab.plan.services.find(({ kind }) => kind === 'balancer');
  return ['FORWARD', '-i', 'edge', '-d', balancer?.address ?? '', '-p', 'tcp', '--dport', '8404', '-j', 'ACCEPT'];
};

const edgeFirewall = (lab: LabUnderTest): string => lab.plan.zones.find(({ name }) => name === 'edge')?.router ?? '';

export const balancingBreakers: Breaker[] = [
  changed('balancing.all-servers-answer', (lab) => `s/^  server ${lastServer(lab)} .*/& weight 0/`),
  changed('balancing.servers-up', (lab) => `s/^  server ${lastServer(lab)} .*/& disabled/`),
  changed(
    'balancing.survives-stopped-server',
    () =>
      '/option redispatch|retry-on/d; s/^  retries .*/  retries 0/; s/check inter .*/check inter 10s fastinter 10s/',
  ),
  changed('balancing.returns-to-rotation', () => 's/ rise 2 / rise 100 /'),
  {
    check: 'balancing.statistics-for-operators',
    breakIt: async (lab) => void (await lab.exec(edgeFirewall(lab), ['iptables', '-I', ...statisticsRule(lab)])),
    mend: async (lab) => void (await lab.exec(edgeFirewall(lab), ['iptables', '-D', ...statisticsRule(lab)])),
  },
  changed('balancing.client-address', () => '/set-header X-Forwarded-For /d'),
];
