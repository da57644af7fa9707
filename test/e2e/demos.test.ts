import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoNames, loadDemo } from '../../src/demo/load.ts';
import { connect } from '../../src/engine/docker.ts';
import { projectContainers } from '../../src/engine/containers.ts';
import { LabCommand } from '../support/lab.ts';

const only = new RegExp(process.env['LAB_E2E_ONLY'] ?? '');
const names = (await demoNames()).filter((name) => only.test(name));

let lab: LabCommand;
let folder: string;

beforeAll(async () => {
  [lab, folder] = [await LabCommand.create(), await mkdtemp(join(tmpdir(), 'lab-demos-'))];
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(names)('the demo %s', (name) => {
  test('plays to its end, tells what it proves, is recorded, and leaves nothing', { timeout: 600_000 }, async () => {
    const demo = await loadDemo(name);
    // A run that was killed may have left its own.
    for (const one of demo.labs) await lab.run('down', '--all', '--project', `demo-${one}`);
    const file = join(folder, `${name}.html`);
    const { exitCode, stdout, stderr } = await lab.run('demo', name, '--plain', '--yes', '--record', file);
    expect(`${exitCode} ${stderr.split('\n').slice(-8).join('\n')}`).toMatch(/^0 /);
    expect(stdout).toContain(demo.title);
    const proofs = demo.steps.filter(({ prove }) => prove !== undefined);
    expect(stdout.match(/✔/g)).toHaveLength(proofs.length);
    expect(await readFile(file, 'utf8')).toContain('AsciinemaPlayer.create');
    const docker = await connect();
    for (const one of demo.labs) expect(await projectContainers(docker, `demo-${one}`)).toEqual([]);
  });
});
