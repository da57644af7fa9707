import { kernelSetting } from '../changes/kernel-setting.ts';
import { guardOf, the } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const forwardingOff: Fault = {
  name: 'firewall-forwarding-off',
  part: 'firewalls',
  title: 'The data firewall no longer forwards packets',
  difficulty: 3,
  visitor: 'Messages cannot be read or written: 503.',
  felt: true,
  checks: [
    'firewalls.allows-flows',
    'firewalls.denies-from-data',
    'firewalls.drops-spoofed',
    'firewalls.drops-invalid',
    'firewalls.no-way-out',
    'balancing.site-answers',
    'servers.application-ready',
    'database.reachable',
    'monitoring.targets-up',
  ],
  alert: { name: 'ForwardingOff', withinSeconds: 20 },
  hints: [
    'The rules are as they should be.',
    'No counter of FORWARD moves at all. What has to be so before a packet comes to that chain?',
    'A router is a host that forwards: `lab shell fw-data -- cat /proc/sys/net/ipv4/ip_forward`.',
  ],
  needs: ['database', 'web'],
  changes: (plan) => [kernelSetting(guardOf(plan, the(plan, 'database')), 'net/ipv4/ip_forward', '0')],
};
