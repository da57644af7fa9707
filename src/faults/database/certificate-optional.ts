import { declaredAccounts } from '../../checks/database/accounts.ts';
import { applicationName, isMutual } from '../../plan/inside.ts';
import { statements } from '../changes/statements.ts';
import { the } from '../cast.ts';
import type { Fault } from '../fault.ts';
import { whoWrites } from '../changes/who-writes.ts';

export const certificateOptional: Fault = {
  name: 'database-certificate-optional',
  part: 'database',
  title: 'The application’s password is enough: no certificate is asked for',
  difficulty: 2,
  visitor: 'Nothing.',
  felt: false,
  checks: ['database.requires-certificates', 'database.accounts-as-declared'],
  alert: { name: 'UnexpectedAccount', withinSeconds: 30 },
  hints: [
    'What must somebody have to come in as the application?',
    'Try the right password without a certificate.',
    '`SELECT user, ssl_type, x509_subject FROM mysql.user`: REQUIRE SSL is less than REQUIRE SUBJECT.',
  ],
  needs: ['database', 'web'],
  fits: (plan) => isMutual(plan.lab),
  changes: (plan) => {
    const account = `app@'${declaredAccounts(plan)[0]?.host ?? ''}'`;
    return [
      statements(the(plan, 'database').name, {
        what: 'accounts',
        at: whoWrites,
        read: "SELECT ssl_type, CONVERT(x509_subject USING utf8mb4) FROM mysql.user WHERE user = 'app'",
        broken: [`ALTER USER ${account} REQUIRE SSL`],
        mended: () => [`ALTER USER ${account} REQUIRE SUBJECT '/CN=${applicationName}'`],
      }),
    ];
  },
};
