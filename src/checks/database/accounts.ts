import { applicationName, isMutual } from '../../plan/inside.ts';
import type { Plan } from '../../plan/types.ts';
import { databasesOf, servicesOf } from '../services.ts';
import type { Account } from './facts.ts';

/** An account that there should be, with all that it may do. */
export interface DeclaredAccount {
  user: string;
  host: string;
  grants: readonly string[];
  tls: boolean;
  /** Whose certificate it has to show, as OpenSSL writes a subject. */
  subject?: string;
}

/** One account per use, from where it is used, with the rights of that use (DESIGN, section 7). */
export function declaredAccounts(plan: Plan): DeclaredAccount[] {
  const zoneOf = (service: string | undefined): string =>
    plan.services.find(({ name }) => name === service)?.zone ?? '';
  const subnet = (service: string | undefined): string =>
    plan.zones.find(({ name }) => name === zoneOf(service))?.subnet ?? '';
  const members = databasesOf(plan, 'member');
  const [primary = members[0]] = databasesOf(plan, 'primary');
  const on = `ON ${plan.lab.database.name}.*`;
  const certificate = (name: string | undefined): { subject?: string } =>
    isMutual(plan.lab) && name !== undefined ? { subject: `/CN=${name}` } : {};
  return [
    {
      user: 'app',
      host: subnet(servicesOf(plan, 'web')[0]?.name),
      grants: ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((right) => `${right} ${on}`),
      tls: true,
      ...certificate(applicationName),
    },
    {
      user: 'replicator',
      host: subnet(primary?.name),
      grants: [...(members.length > 0 ? ['BACKUP_ADMIN ON *.*'] : []), 'REPLICATION SLAVE ON *.*'],
      tls: true,
      ...certificate(databasesOf(plan, 'replica')[0]?.name),
    },
    { user: 'exporter', host: 'localhost', grants: ['REPLICATION CLIENT ON *.*'], tls: false },
  ];
}

/** Where the accounts of a server are not as declared. MySQL's own must be locked, root must be the socket's. */
export function accountProblems(found: readonly Account[], declared: readonly DeclaredAccount[]): string[] {
  const missing = declared
    .filter(({ user, host }) => !found.some((one) => one.user === user && one.host === host))
    .map(({ user, host }) => `${user}@${host} is missing`);
  return [...missing, ...found.flatMap((account) => problemsOf(account, declared))];
}

function problemsOf(account: Account, declared: readonly DeclaredAccount[]): string[] {
  const { user, host, plugin, locked, open, tls, subject, grants } = account;
  const name = `${user === '' ? '(anybody)' : user}@${host}`;
  if (user.startsWith('mysql.')) return locked ? [] : [`${name} is not locked`];
  if (user === 'root')
    return plugin === 'auth_socket' && host === 'localhost' ? [] : [`${name} may log in by ${plugin}`];
  const wanted = declared.find((one) => one.user === user && one.host === host);
  if (wanted === undefined) return [`${name} is not declared`];
  const more = grants.filter((grant) => !wanted.grants.includes(grant));
  const less = wanted.grants.filter((grant) => !grants.includes(grant));
  return [
    ...(open ? [`${name} has no password`] : []),
    ...(locked ? [`${name} is locked`] : []),
    ...(wanted.tls && !tls ? [`${name} may come without TLS`] : []),
    ...(wanted.subject !== undefined && wanted.subject !== subject
      ? [`${name} need not show the certificate of ${wanted.subject}`]
      : []),
    ...(more.length > 0 ? [`${name} may also ${more.join(', ')}`] : []),
    ...(less.length > 0 ? [`${name} may not ${less.join(', ')}`] : []),
  ];
}
