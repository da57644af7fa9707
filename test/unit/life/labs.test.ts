import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { labNames, loadLab } from '../../../src/life/labs.ts';
import { reference } from '../lab/reference.ts';

it('the labs that come with the installation can all be loaded by name', async () => {
  const names = await labNames();
  expect(names).toContain('secured-monitored');
  for (const name of names) expect((await loadLab(name)).name).toBe(name);
});

it('a lab of one’s own is loaded by its path, and its problems name the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-own-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'mine.yml');
  await writeFile(file, reference);
  expect((await loadLab(file)).title).toBe('Secured and monitored web infrastructure');
  await writeFile(file, 'name: mine');
  await expect(loadLab(file)).rejects.toMatchObject({
    code: 'LAB_INVALID',
    problems: expect.arrayContaining([
      expect.objectContaining({ where: expect.objectContaining({ file }) as object }),
    ]) as object,
  });
});

it.each([
  ['secured-monitord', 'did you mean "secured-monitored"?'],
  ['zzz', '`lab list labs` shows them all'],
])('an unknown lab %s is told with advice', async (name, fix) => {
  await expect(loadLab(name)).rejects.toMatchObject({ code: 'LAB_UNKNOWN', exitCode: 2, problems: [{ fix }] });
});

it.each(['/nowhere/lab.yml', 'labs', 'package.json/x.yml', '/tmp/'])('%s is no file of a lab', async (path) => {
  await expect(loadLab(path)).rejects.toMatchObject({ code: 'LAB_UNKNOWN', exitCode: 2 });
});
