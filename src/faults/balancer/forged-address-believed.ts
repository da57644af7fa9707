import { balancing } from '../changes/balancing.ts';
import { without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const forgedAddressBelieved: Fault = {
  name: 'balancer-forged-address-believed',
  part: 'balancer',
  title: 'The balancer believes what visitors say of their own address',
  difficulty: 2,
  visitor: 'Nothing. But logs and limits name whom a visitor likes.',
  felt: false,
  checks: ['tls.ignores-forged-headers', 'balancing.client-address', 'hardening.configuration-intact'],
  alert: { name: 'FileIntegrity', withinSeconds: 60 },
  hints: [
    'Requests arrive, and from whom?',
    'Send an X-Forwarded-For of your own, and read what /api/whoami says.',
    'The lines that delete X-Forwarded-… from visitors are missing in haproxy.cfg.',
  ],
  needs: ['balancer'],
  changes: (plan) =>
    balancing(plan, without(/http-request (del-header|set-header X-Forwarded-For |set-header Forwarded )/)),
};
