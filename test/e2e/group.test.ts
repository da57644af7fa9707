import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import type Docker from 'dockerode';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import type { Project } from '../../src/life/projects.ts';
import { up } from '../../src/life/up.ts';
import { bringUp, io, oneLab, takeDown } from '../support/one-lab.ts';
import { freeze, until } from '../support/lab.ts';
import { message, Writers } from '../support/writers.ts';
import { labUnderTest } from './breakers/lab-under-test.ts';
import type { LabUnderTest } from './breakers/types.ts';

const name = oneLab('e2e-group');
const members = ['db1', 'db2', 'db3'];
/** The bench holds the bound; a test that shares its machine gives it more. */
const withoutWritesMs = 15_000;
/** A member that hangs is started anew once it has stood before the group for 45 s; see the image's `keep-in-group`. */
const backMs = 120_000;

vi.setConfig({ testTimeout: 3 * backMs });

let project: Project;
let lab: LabUnderTest;
let text: string;
let visitors: Writers;

beforeAll(async () => {
  project = await bringUp(name, 'database-failover');
  lab = labUnderTest(await connect(), project.plan);
}, 600_000);
afterAll(() => takeDown(name));

beforeEach(async () => {
  await whole();
  text = `group ${randomUUID()}`;
  const site = project.plan.endpoints.find(({ port }) => port === 443)?.url ?? '';
  visitors = new Writers(message(site, await readFile(project.folder.authority, 'utf8'), text));
});

/** Those members that say that they are that. */
async function saying(what: 'primary' | 'member'): Promise<string[]> {
  const said = await Promise.all(
    members.map(async (member) => {
      const { exitCode } = await lab.exec(member, ['test', '-e', `/run/group/${what}`]).catch(() => ({ exitCode: 1 }));
      return exitCode === 0 ? [member] : [];
    }),
  );
  return said.flat();
}

/** The members of the group that this one shows to those who want to come. */
const seenBy = async (member: string): Promise<string> =>
  (await lab.exec(member, ['cat', '/run/group/view'])).stdout.trim();

/** Kills a member that is not the primary, and waits until the group knows. */
async function loseOne(): Promise<{ old: string; away: string; container: Docker.Container }> {
  const [old = ''] = await saying('primary');
  const [away = ''] = members.filter((member) => member !== old);
  const container = await lab.container(away);
  await container.kill();
  await until(`${old} says that ${away} is gone`, 20_000, async () => !(await seenBy(old)).includes(away));
  return { old, away, container };
}

const whole = (): Promise<void> =>
  until(`${members.join(', ')} are one group with one primary`, backMs, async () => {
    const [those, primaries] = await Promise.all([saying('member'), saying('primary')]);
    return those.length === members.length && primaries.length === 1;
  });

const missingOn = async (member: string): Promise<number[]> => {
  const rows = await lab.sql(member, `SELECT id FROM foobar.messages WHERE body = '${text}'`);
  const found = new Set(rows.split(/\s+/).map(Number));
  return visitors.ids.filter((id) => !found.has(id));
};

const nothingIsLost = (): Promise<void> =>
  until(`all ${visitors.ids.length} acknowledged writes are on every member`, 30_000, async () =>
    (await Promise.all(members.map(missingOn))).every((missing) => missing.length === 0),
  );

const logsOf = async (member: string): Promise<string> => {
  const { all } = await execa('docker', ['logs', (await lab.container(member)).id], { all: true });
  return all;
};

const addressOf = (service: string): string => project.plan.services.find((one) => one.name === service)?.address ?? '';
const networkOf = async (): Promise<string> => {
  const labels = [`com.docker.compose.project=${name}`, 'lab.zone=data'];
  const { stdout } = await execa('docker', [
    'network',
    'ls',
    '-q',
    ...labels.flatMap((label) => ['--filter', `label=${label}`]),
  ]);
  return stdout.trim();
};
const cutOff = async (service: string): Promise<void> => {
  await execa('docker', ['network', 'disconnect', await networkOf(), (await lab.container(service)).id]);
};
const reconnect = async (service: string): Promise<void> => {
  const { id } = await lab.container(service);
  await execa('docker', ['network', 'connect', '--ip', addressOf(service), '--alias', service, await networkOf(), id]);
};

interface Loss {
  how: string;
  take: (container: Docker.Container, service: string) => Promise<unknown>;
  giveBack: (container: Docker.Container, service: string) => Promise<unknown>;
}

const losses: Loss[] = [
  { how: 'killed', take: (container) => container.kill(), giveBack: (container) => container.start() },
  { how: 'stopped', take: (container) => container.stop(), giveBack: (container) => container.start() },
  { how: 'frozen', take: (container) => freeze(container), giveBack: (container) => container.unpause() },
  { how: 'cut off', take: (_, service) => cutOff(service), giveBack: (_, service) => reconnect(service) },
];

describe('a group of databases', () => {
  test.each(losses)('goes on taking writes when its primary is $how, and takes it back', async ({ take, giveBack }) => {
    const [old = ''] = await saying('primary');
    visitors.start();
    try {
      await visitors.acknowledgedAgain();
      visitors.longestGap();
      const container = await lab.container(old);
      await take(container, old);
      try {
        await visitors.acknowledgedAgain();
        expect(visitors.longestGap()).toBeLessThan(withoutWritesMs);
        expect((await saying('primary')).filter((member) => member !== old)).toHaveLength(1);
      } finally {
        await giveBack(container, old);
      }
      await whole();
      await visitors.acknowledgedAgain();
    } finally {
      await visitors.stop();
    }
    await nothingIsLost();
  });

  test('a primary that is cut off takes no write from the first moment on, and says that it is none', async () => {
    const [old = ''] = await saying('primary');
    const insert = (): Promise<string> =>
      lab.sql(old, `INSERT INTO foobar.messages (body, server) VALUES ('${text}', 'nobody')`);
    await insert();
    await cutOff(old);
    try {
      await expect(insert()).rejects.toThrow();
      await until(`${old} says that it is no primary`, 20_000, async () => !(await saying('primary')).includes(old));
      await expect(insert()).rejects.toThrow(/read-only/);
    } finally {
      await reconnect(old);
    }
    await whole();
    for (const member of members)
      expect(`${member} ${await lab.sql(member, `SELECT COUNT(*) FROM foobar.messages WHERE body = '${text}'`)}`).toBe(
        `${member} 1`,
      );
  });

  test('a member that was away fetches what it lacks from the binary log of another', async () => {
    const [old = ''] = await saying('primary');
    const [away = ''] = members.filter((member) => member !== old);
    const container = await lab.container(away);
    await container.kill();
    visitors.start();
    await visitors.acknowledgedAgain();
    await visitors.stop();
    expect(visitors.ids.length).toBeGreaterThan(0);
    await container.start();
    await whole();
    await nothingIsLost();
    expect(await logsOf(away)).toContain('Incremental recovery from a group donor');
  });

  test('a member whom nobody could give what it lacks asks again at once', async () => {
    const { old, away, container } = await loseOne();
    const account = `replicator@'${await lab.sql(old, "SELECT host FROM mysql.user WHERE user = 'replicator'")}'`;
    await lab.sql(old, `REVOKE REPLICATION SLAVE ON *.* FROM ${account}`);
    try {
      await container.start();
      await until(`${away} is refused`, backMs, async () =>
        (await logsOf(away)).includes('COM_REGISTER_REPLICA failed'),
      );
    } finally {
      await lab.sql(old, `GRANT REPLICATION SLAVE ON *.* TO ${account}`);
    }
    await until(`${away} is a member`, 15_000, async () => (await saying('member')).includes(away));
  });

  test('a member that does not come in, although there is a group, is started anew', async () => {
    const { old, away, container } = await loseOne();
    const view = await seenBy(old);
    const show = (text: string) => lab.exec(old, ['sh', '-c', `echo ${text} >/run/group/view`]);
    // To whoever comes this says that the group has not noticed that it is gone.
    await show(`${view},${away}`);
    try {
      await container.start();
      await until(`${away} is started anew`, 90_000, async () => (await logsOf(away)).includes('starting mysqld anew'));
    } finally {
      await show(view);
    }
    await until(`${away} is a member`, backMs, async () => (await saying('member')).includes(away));
  });

  test('a primary that takes no writes is no member, and lets nobody in before it has its accounts', async () => {
    const [old = ''] = await saying('primary');
    await lab.sql(old, 'SET GLOBAL read_only = ON');
    try {
      await until(`${old} says nothing`, 5_000, async () => !(await saying('member')).includes(old));
    } finally {
      await lab.sql(old, 'SET GLOBAL read_only = OFF');
    }
    await whole();
    await lab.exec(old, ['rm', '/run/mysqld/configured']);
    try {
      await until(`${old} shows no group`, 5_000, async () => (await seenBy(old)) === '');
    } finally {
      await lab.exec(old, ['touch', '/run/mysqld/configured']);
    }
    await until(`${old} shows its group`, 5_000, async () => (await seenBy(old)).includes(old));
  });

  test('a member without data, when the binary logs have been purged, comes back by Clone', async () => {
    visitors.start();
    await visitors.acknowledgedAgain();
    await visitors.stop();
    const [old = ''] = await saying('primary');
    const [empty = ''] = members.filter((member) => member !== old);
    for (const member of members)
      await lab.sql(member, 'FLUSH BINARY LOGS; PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY');
    await (await lab.container(empty)).remove({ force: true, v: false });
    await execa('docker', ['volume', 'rm', `${name}_${empty}-data`]);
    await up({ lab: 'database-failover', project: name, ports: {}, verify: false }, io);
    await whole();
    await nothingIsLost();
    expect(await logsOf(empty)).toContain('Cloning from a remote group donor');
  });

  test('that was killed whole comes back with `lab up`, with all that was acknowledged', async () => {
    visitors.start();
    await visitors.acknowledgedAgain();
    await Promise.all(members.map(async (member) => (await lab.container(member)).kill()));
    await visitors.stop();
    await up({ lab: 'database-failover', project: name, ports: {}, verify: false }, io);
    await whole();
    await nothingIsLost();
    visitors.start();
    await visitors.acknowledgedAgain();
    await visitors.stop();
    await nothingIsLost();
  });
});
