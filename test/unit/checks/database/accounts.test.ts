import { describe, expect, it } from 'vitest';
import { accountProblems, type DeclaredAccount } from '../../../../src/checks/database/accounts.ts';
import type { Account } from '../../../../src/checks/database/facts.ts';

const declared: DeclaredAccount[] = [{ user: 'app', host: '10.0.0.0/27', grants: ['SELECT ON foobar.*'], tls: true }];

const app: Account = {
  user: 'app',
  host: '10.0.0.0/27',
  plugin: 'caching_sha2_password',
  locked: false,
  open: false,
  tls: true,
  subject: '',
  grants: ['SELECT ON foobar.*'],
};
const root: Account = { ...app, user: 'root', host: 'localhost', plugin: 'auth_socket', tls: false, grants: [] };
const system: Account = { ...app, user: 'mysql.sys', host: 'localhost', locked: true };

describe('accounts', () => {
  it('has nothing to say about those that are declared, root over the socket, and MySQL’s own, locked', () => {
    expect(accountProblems([app, root, system], declared)).toEqual([]);
  });

  it.each([
    ['is missing', [root], 'app@10.0.0.0/27 is missing'],
    ['is not declared', [app, { ...app, host: '%' }], 'app@% is not declared'],
    ['has no name', [app, { ...app, user: '' }], '(anybody)@10.0.0.0/27 is not declared'],
    ['has no password', [{ ...app, open: true }], 'app@10.0.0.0/27 has no password'],
    ['may come without TLS', [{ ...app, tls: false }], 'app@10.0.0.0/27 may come without TLS'],
    ['has a right more', [{ ...app, grants: [...app.grants, 'FILE ON *.*'] }], 'app@10.0.0.0/27 may also FILE ON *.*'],
    ['has a right less', [{ ...app, grants: [] }], 'app@10.0.0.0/27 may not SELECT ON foobar.*'],
    [
      'is root by a password',
      [app, { ...root, plugin: 'caching_sha2_password' }],
      'root@localhost may log in by caching_sha2_password',
    ],
    ['is root from anywhere', [app, { ...root, host: '%' }], 'root@% may log in by auth_socket'],
    ['is MySQL’s own, unlocked', [app, { ...system, locked: false }], 'mysql.sys@localhost is not locked'],
  ])('says that an account %s', (_, found, problem) => {
    expect(accountProblems(found, declared)).toEqual([problem]);
  });
});
