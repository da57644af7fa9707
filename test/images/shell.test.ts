import type Docker from 'dockerode';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { client } from '../../src/engine/docker.ts';
import { Shell } from '../../src/engine/shell.ts';
import { removeContainer } from '../../src/probe/remove-container.ts';
import { imageFor } from '../support/images.ts';

const docker = client();
let image: string;
let container: Docker.Container;
let shell: Shell;

async function start(): Promise<Docker.Container> {
  const made = await docker.createContainer({ Image: image, Entrypoint: ['sleep', '600'], HostConfig: { Init: true } });
  await made.start();
  return made;
}

beforeAll(async () => {
  image = await imageFor('base');
  container = await start();
});

beforeEach(async () => {
  shell = await Shell.open(container);
});

afterEach(() => shell.close());

afterAll(async () => {
  if (container) await removeContainer(container);
});

test('a command’s two outputs and its exit code come apart, one command after the other', async () => {
  const script = 'echo out; echo err >&2; exit 3';
  expect(await shell.run(['sh', '-c', script])).toMatchObject({ stdout: 'out\n', stderr: 'err\n', exitCode: 3 });
  expect(await shell.run(['true'])).toMatchObject({ stdout: '', stderr: '', exitCode: 0 });
  expect(await shell.run(['no-such-command'])).toMatchObject({ exitCode: 127 });
});

test.each([`it's "quoted"`, '$(echo no) `echo no` \\n ; & |', 'two\nlines', '', '-e', 'lab-0 0'])(
  'the word %j arrives as it is',
  async (word) => {
    expect((await shell.run(['printf', '[%s]', word])).stdout).toBe(`[${word}]`);
  },
);

test('input arrives as it is, and a command without input reads nothing of the next one', async () => {
  const stdin = 'first $HOME\n`second`\n';
  expect((await shell.run(['cat'], { stdin })).stdout).toBe(stdin);
  expect((await shell.run(['cat'])).stdout).toBe('');
  const long = `${'x'.repeat(300_000)}\n`;
  expect((await shell.run(['cat'], { stdin: long })).stdout).toBe(long);
});

test('what does not end in time, or writes without end, closes the shell', async () => {
  await expect(shell.run(['sleep', '60'], { timeoutMs: 200 })).rejects.toThrow('longer than 200 ms');
  expect(shell.free).toBe(false);
  await expect(shell.run(['true'])).rejects.toThrow();
  const other = await Shell.open(container);
  await expect(other.run(['yes'], { maxBytes: 100_000 })).rejects.toThrow('more than 100000 bytes');
  expect(other.free).toBe(false);
});

test('a container that stops ends what runs in it', async () => {
  const mortal = await start();
  try {
    const inside = await Shell.open(mortal);
    const running = expect(inside.run(['sleep', '60'])).rejects.toThrow('ended');
    await mortal.kill();
    await running;
    expect(inside.free).toBe(false);
    await expect(Shell.open(mortal)).rejects.toMatchObject({ statusCode: 409 });
  } finally {
    await removeContainer(mortal);
  }
});

test('closing leaves no shell behind', async () => {
  const own = await start();
  try {
    const processes = async (): Promise<number> => ((await own.top()) as { Processes: string[][] }).Processes.length;
    const before = await processes();
    const inside = await Shell.open(own);
    await inside.run(['true']);
    expect(await processes()).toBe(before + 1);
    inside.close();
    await expect.poll(processes, { timeout: 5000 }).toBe(before);
  } finally {
    await removeContainer(own);
  }
});
