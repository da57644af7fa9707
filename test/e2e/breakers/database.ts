import type { Breaker, LabUnderTest } from './types.ts';
import { database } from './inside.ts';

type Role = 'primary' | 'replica';

/** Statements that break something, and those that put it back; the latter may be run twice. */
const byStatements = (
  check: string,
  role: Role,
  broken: (lab: LabUnderTest) => string[],
  mended: (lab: LabUnderTest) => string[],
): Breaker => {
  const run = async (lab: LabUnderTest, statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await lab.sql(database(lab, role), statement);
  };
  return { check, breakIt: (lab) => run(lab, broken(lab)), mend: (lab) => run(lab, mended(lab)) };
};

const subnetOf = (lab: LabUnderTest, kind: string): string => {
  const service = lab.plan.services.find((one) => one.kind === kind);
  return lab.plan.zones.find(({ name }) => name === service?.zone)?.subnet ?? '';
};

const app = (lab: LabUnderTest): string => `app@'${subnetOf(lab, 'web')}'`;
const replicator = (lab: LabUnderTest): string => `replicator@'${subnetOf(lab, 'database')}'`;
const schema = (lab: LabUnderTest): string => lab.plan.lab.database.name;

/** An account more, on both databases, as replication carries it over. */
const account = (check: string, name: string): Breaker =>
  byStatements(
    check,
    'primary',
    () => [`CREATE USER ${name} IDENTIFIED BY ''`],
    () => [`DROP USER IF EXISTS ${name}`],
  );

const replication = (check: string, broken: string[], mended: string[]): Breaker =>
  byStatements(
    check,
    'replica',
    () => broken,
    () => mended,
  );

export const databaseBreakers: Breaker[] = [
  replication('database.durable', ['SET GLOBAL sync_binlog = 0'], ['SET GLOBAL sync_binlog = 1']),
  account('database.refuses-strangers', "''@'%'"),
  account('database.root-is-local', "root@'%'"),
  byStatements(
    'database.app-least-privilege',
    'primary',
    (lab) => [`GRANT CREATE, DROP ON ${schema(lab)}.* TO ${app(lab)}`],
    // Takes back all and gives what is declared: a right that is not there cannot be taken back.
    (lab) => [
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${app(lab)}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema(lab)}.* TO ${app(lab)}`,
    ],
  ),
  byStatements(
    'database.replicator-least-privilege',
    'primary',
    (lab) => [`GRANT SELECT ON ${schema(lab)}.* TO ${replicator(lab)}`],
    (lab) => [
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${replicator(lab)}`,
      `GRANT REPLICATION SLAVE ON *.* TO ${replicator(lab)}`,
    ],
  ),
  byStatements(
    'database.exporter-is-local',
    'primary',
    (lab) => [`GRANT SELECT ON ${schema(lab)}.* TO exporter@localhost`],
    () => [
      'REVOKE ALL PRIVILEGES, GRANT OPTION FROM exporter@localhost',
      'GRANT REPLICATION CLIENT ON *.* TO exporter@localhost',
    ],
  ),
];
