import { statements } from '../changes/statements.ts';
import { the } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const tlsOptional: Fault = {
  name: 'database-tls-optional',
  part: 'database',
  title: 'The primary talks to clients in the clear, if they like',
  difficulty: 2,
  visitor: 'Nothing. But passwords and rows may travel readable.',
  felt: false,
  checks: ['database.requires-tls'],
  alert: { name: 'TlsNotRequired', withinSeconds: 20 },
  hints: [
    'Everybody who should get in gets in. How?',
    'Try to log in without TLS.',
    '`SELECT @@require_secure_transport` on the primary.',
  ],
  needs: ['database'],
  changes: (plan) => [
    statements(the(plan, 'database').name, {
      what: 'tls',
      read: 'SELECT @@global.require_secure_transport',
      broken: ['SET GLOBAL require_secure_transport = OFF'],
      mended: () => ['SET GLOBAL require_secure_transport = ON'],
    }),
  ],
};
