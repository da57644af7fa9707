import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { emitProject } from '../../../src/project/emit.ts';
import type { Lock } from '../../../src/project/lock.ts';
import { readLock } from '../../../src/project/lock.ts';
import { removeFiles } from '../../../src/project/remove.ts';
import { removeFile } from '../../../src/project/write.ts';
import { referenceLab } from '../plan/settings.ts';
import { daysLater, emit, emptyFolder, filesIn, isSecret, now, planOf } from './a-project.ts';

const composeThere = (() => {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('an emitted project', () => {
  it.skipIf(!composeThere)(
    'passes docker compose config (skipped where Compose is not installed)',
    async () => {
      const folder = await emptyFolder();
      await emit(folder);
      expect(() =>
        execFileSync('docker', ['compose', '-f', folder.compose, 'config', '-q'], { stdio: 'pipe' }),
      ).not.toThrow();
    },
    60_000,
  );

  it('has the same bytes in every folder, keys and secrets aside', async () => {
    const [one, other] = [await emptyFolder(), await emptyFolder()];
    await emit(one);
    await emit(other, planOf(), daysLater(1));
    const [first, second] = [await filesIn(one.root), await filesIn(other.root)];
    expect([...first.keys()]).toEqual([...second.keys()]);
    const differing = [...first].filter(([path, content]) => second.get(path) !== content).map(([path]) => path);
    expect(differing.length).toBeGreaterThan(0);
    expect(differing.filter((path) => !isSecret(path))).toEqual([]);
  });

  it('shares compose.base.yml, and mentions every name in every /etc/hosts', async () => {
    const folder = await emptyFolder();
    const plan = planOf();
    await emit(folder, plan);
    const { services } = parse(await readFile(folder.compose, 'utf8')) as {
      services: Record<string, { extends: object; extra_hosts: string[] }>;
    };
    expect(Object.keys(services)).toEqual(plan.services.map(({ name }) => name));
    for (const [name, service] of Object.entries(services)) {
      const base =
        plan.services.find((candidate) => candidate.name === name)?.kind === 'firewall' ? 'firewall' : 'server';
      expect(service.extends).toEqual({ file: 'compose.base.yml', service: base });
      for (const { to } of plan.policy) {
        const address = plan.services.find((candidate) => candidate.name === to.service)?.address;
        expect(service.extra_hosts).toContain(`${to.service}:${address}`);
      }
    }
  });

  it('has no secret outside of secrets/', async () => {
    const folder = await emptyFolder();
    await emit(folder);
    const files = [...(await filesIn(folder.root))];
    const values = files
      .filter(([path]) => path.startsWith('secrets/') && !/\.(crt|pem)$/.test(path))
      .map(([, content]) => content.trim());
    const keys = files
      .filter(([path]) => path.endsWith('.pem') && path.startsWith('secrets/'))
      .map(([, content]) => content.slice(content.indexOf('-----BEGIN PRIVATE')).split('\n')[1] ?? '');
    expect(values.length).toBeGreaterThan(10);
    const open = files.filter(([path]) => !path.startsWith('secrets/'));
    for (const value of [...values, ...keys]) {
      expect(value.length).toBeGreaterThan(20);
      expect(open.filter(([, content]) => content.includes(value)).map(([path]) => path)).toEqual([]);
    }
    expect(open.filter(([, content]) => content.includes('PRIVATE KEY'))).toEqual([]);
  });

  it('has rules that iptables-restore can read', async () => {
    const folder = await emptyFolder();
    await emit(folder);
    const rules = [...(await filesIn(folder.root))].filter(([path]) => /rules\.v[46]$/.test(path));
    expect(rules).toHaveLength(6);
    for (const [, text] of rules) {
      for (const line of text.trimEnd().split('\n')) {
        expect(line).toMatch(
          /^(#.*|\*(nat|filter)|:[A-Za-z-]+ (ACCEPT|DROP|-) \[0:0\]|-A [A-Za-z-]{1,28} ([^"]|"[^"]*")*-j \S.*|COMMIT)$/,
        );
      }
      expect(text.match(/^\*/gm)).toHaveLength(text.match(/^COMMIT$/gm)?.length ?? 0);
      expect(text).toMatch(/^:INPUT DROP/m);
      expect(text).toMatch(/^:FORWARD DROP/m);
    }
  });
});

describe('emitting again', () => {
  it('writes nothing', async () => {
    const folder = await emptyFolder();
    const first = await emit(folder);
    const before = await filesIn(folder.root);
    const second = await emit(folder, planOf(), daysLater(1));
    expect(first.unchanged).toEqual([]);
    expect(second.written).toEqual([]);
    expect(second.removed).toEqual([]);
    expect(await filesIn(folder.root)).toEqual(before);
    expect(second.digests).toEqual(first.digests);
  });

  it('with one thing changed writes the files concerned', async () => {
    const folder = await emptyFolder();
    const first = await emit(folder);
    const second = await emit(folder, planOf({ tls: { ...referenceLab.tls, hstsSeconds: 60 } }));
    expect(second.written.sort()).toEqual(['compose.yml', 'config/balancer/haproxy.cfg', 'plan.json']);
    const changed = [...second.digests].filter(([service, digest]) => first.digests.get(service) !== digest);
    expect(changed.map(([service]) => service)).toEqual(['balancer']);
  });

  it('without a service removes its files, and leaves what somebody else put there', async () => {
    const folder = await emptyFolder();
    await emit(folder);
    await writeFile(join(folder.root, 'notes.txt'), 'mine');
    await writeFile(join(folder.root, 'config', 'grafana', 'mine.json'), '{}');
    const { removed } = await emit(folder, planOf({}, { grafana: false }));
    expect(removed).toContain('secrets/grafana/grafana-admin');
    const left = [...(await filesIn(folder.root)).keys()];
    expect(left.filter((path) => path.includes('grafana'))).toEqual(['config/grafana/mine.json']);
    expect(left).toContain('notes.txt');
    expect(Object.keys((await readLock(folder))?.files ?? {}).filter((path) => path.includes('grafana'))).toEqual([]);
    await expect(stat(join(folder.root, 'secrets', 'grafana'))).rejects.toThrow('ENOENT');
  });

  it('finishes what was cut off: the lock names everything, and down leaves nothing', async () => {
    const folder = await emptyFolder();
    const obstacle = join(folder.root, 'config', 'web3');
    await mkdir(dirname(obstacle), { recursive: true });
    await writeFile(obstacle, 'in the way');
    await expect(emit(folder)).rejects.toMatchObject({
      code: 'PROJECT_WRITE',
      exitCode: 3,
      problems: [{ found: 'a file stands where a folder has to be' }],
    });
    const lock = (await readLock(folder)) as Lock;
    const named = Object.keys(lock.files);
    const there = [...(await filesIn(folder.root)).keys()].filter(
      (path) => path !== 'config/web3' && path !== 'lab.lock.json',
    );
    expect(there.length).toBeGreaterThan(0);
    expect(named).toEqual(expect.arrayContaining(there));
    await rm(obstacle);
    await emit(folder);
    expect(Object.keys((await readLock(folder))?.files ?? {})).toEqual(named);
    expect(await removeFiles(folder)).toBe(true);
  });

  it('cut off while a service leaves still knows the files of that service', async () => {
    const folder = await emptyFolder();
    await emit(folder);
    await rm(join(folder.root, 'plan.json'));
    await mkdir(join(folder.root, 'plan.json', 'in-the-way'), { recursive: true });
    await expect(emit(folder, planOf({}, { grafana: false }))).rejects.toMatchObject({ code: 'PROJECT_WRITE' });
    expect(Object.keys((await readLock(folder))?.files ?? {})).toContain('secrets/grafana/grafana-admin');
  });
});

describe('modes', () => {
  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  it('keep secrets to their service and let configuration be read, whatever the umask', async () => {
    const folder = await emptyFolder();
    const plan = planOf();
    const umask = process.umask(0o077);
    try {
      await emit(folder, plan);
    } finally {
      process.umask(umask);
    }
    const root = process.getuid?.() === 0;
    for (const path of (await filesIn(folder.root)).keys()) {
      const place = join(folder.root, path);
      if (!path.startsWith('secrets/')) {
        expect([path, await modeOf(place), await modeOf(dirname(place))]).toEqual([path, 0o644, 0o755]);
        continue;
      }
      expect([path, await modeOf(dirname(place))]).toEqual([path, 0o700]);
      if (!root) continue;
      const service = path.split('/')[1];
      const uid = plan.services.find(({ name }) => name === service)?.uid ?? 0;
      const { uid: owner } = await stat(place);
      expect([path, await modeOf(place), owner]).toEqual([path, 0o400, uid]);
    }
    expect(await modeOf(join(folder.root, 'secrets'))).toBe(0o700);
  });

  it('of secrets are mended', async () => {
    const folder = await emptyFolder();
    await emit(folder);
    await chmod(folder.secret('grafana', 'grafana-admin'), 0o644);
    await emit(folder);
    expect(await modeOf(folder.secret('grafana', 'grafana-admin'))).not.toBe(0o644);
  });
});

describe('passwords', () => {
  it('are kept, the same for every reader, and made anew where they are lost', async () => {
    const folder = await emptyFolder();
    await emit(folder);
    const read = (service: string, name: string): Promise<string> => readFile(folder.secret(service, name), 'utf8');
    const password = await read('db-primary', 'mysql-app');
    expect(password).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(await read('web3', 'mysql-app')).toBe(password);
    expect(await read('db-primary', 'mysql-replicator')).not.toBe(password);
    await rm(folder.secret('web1', 'mysql-app'));
    await rm(folder.secret('grafana', 'grafana-admin'));
    expect((await emit(folder)).written.sort()).toEqual(['secrets/grafana/grafana-admin', 'secrets/web1/mysql-app']);
    expect(await read('web1', 'mysql-app')).toBe(password);
  });
});

describe('a manifest', () => {
  async function tampered(
    files: Record<string, null>,
  ): Promise<{ folder: Awaited<ReturnType<typeof emptyFolder>>; outside: string }> {
    const folder = await emptyFolder();
    await emit(folder);
    const outside = join(dirname(folder.root), 'evil');
    await writeFile(outside, 'not ours');
    const lock = JSON.parse(await readFile(folder.lock, 'utf8')) as Lock;
    await writeFile(folder.lock, JSON.stringify({ ...lock, files: { ...lock.files, ...files } }));
    return { folder, outside };
  }

  it.each(['../evil', 'config/../../evil', './../evil', '.', ''])(
    'that names %j is refused, and nothing is touched',
    async (path) => {
      const { folder, outside } = await tampered({ [path]: null });
      const before = await filesIn(folder.root);
      const plan = planOf({ tls: { ...referenceLab.tls, hstsSeconds: 60 } });
      await expect(emitProject(plan, folder, now)).rejects.toMatchObject({ code: 'LOCK_INVALID', exitCode: 2 });
      expect(await filesIn(folder.root)).toEqual(before);
      expect(await readFile(outside, 'utf8')).toBe('not ours');
    },
  );

  it('cannot make a removal leave the folder either', async () => {
    const { folder, outside } = await tampered({});
    expect(() => removeFile(folder.root, '../evil')).toThrow(expect.objectContaining({ code: 'PROJECT_PATH' }));
    expect(await readFile(outside, 'utf8')).toBe('not ours');
  });

  it('does not follow a link that stands for a folder', async () => {
    const { folder, outside } = await tampered({ 'config/linked/evil': null });
    await symlink(dirname(outside), join(folder.root, 'config', 'linked'));
    await emit(folder);
    expect(await readFile(outside, 'utf8')).toBe('not ours');
  });

  it('that names files outside does not keep the project from being removed', async () => {
    const { folder, outside } = await tampered({ '../evil': null });
    await writeFile(join(folder.root, 'notes.txt'), 'mine');
    expect(await removeFiles(folder)).toBe(false);
    expect([...(await filesIn(folder.root)).keys()]).toEqual(['notes.txt']);
    expect(await readFile(outside, 'utf8')).toBe('not ours');
  });

  it.each(['', '{', '[]', 'null', '{"version":2}', '{"version":1,"files":null,"settings":null}', '\u0000'])(
    '%j is no lock: an error says so',
    async (text) => {
      const folder = await emptyFolder();
      await emit(folder);
      await writeFile(folder.lock, text);
      await expect(emit(folder)).rejects.toMatchObject({
        code: 'LOCK_INVALID',
        exitCode: 2,
        problems: [
          { where: { file: folder.lock }, fix: expect.stringContaining('lab down --all --project demo') as string },
        ],
      });
    },
  );
});
