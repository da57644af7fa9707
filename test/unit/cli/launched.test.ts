import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const lab = join(import.meta.dirname, '../../../lab');
const home = mkdtempSync(join(tmpdir(), 'lab-cli-'));
const environment = { LAB_HOME: home, LAB_PROGRESS: 'plain', NO_COLOR: '1' };

const run = (argv: readonly string[], env: Record<string, string> = {}) =>
  execa(lab, argv, { reject: false, stdin: 'ignore', timeout: 60_000, env: { ...environment, ...env } });

// The launcher may have to build first.
beforeAll(() => run(['--version']), 60_000);
afterAll(() => rmSync(home, { recursive: true }));

describe('lab, launched', { timeout: 60_000 }, () => {
  it.each([[[]], [['--help']], [['help']], [['up', '--help']], [['--version']]])(
    '%j is answered on standard output',
    async (argv) => {
      const { exitCode, stdout, stderr } = await run(argv);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).not.toBe('');
    },
  );

  it.each([
    [['staus'], 'status'],
    [['down', '--al'], '--all'],
    [['up', 'secured-monitord'], 'secured-monitored'],
    [['verify', '--reporter', 'junti'], 'junit'],
  ])('%j is wrong input, and the nearest name is told', async (argv, nearest) => {
    const { exitCode, stdout, stderr } = await run(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`did you mean "?${nearest}`));
  });

  it.each([
    [['generate'], 2],
    [['up', '--https-port', '99999'], 2],
    [['status'], 2],
    [['generate', '--out', '/dev/null/x'], 2],
    [['setup'], 3],
  ])('%j ends with %i and one JSON document when that is asked for', async (argv, code) => {
    const { exitCode, stdout } = await run([...argv, '--json'], {
      DOCKER_HOST: 'unix:///nonexistent/docker.sock',
      ...(argv[0] === 'setup' ? { DOCKER_HOST: '' } : {}),
    });
    if (argv[0] === 'setup' && exitCode === 0) return;
    expect(exitCode).toBe(code);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: expect.stringMatching(/^[A-Z_]+$/) as string,
        problems: expect.arrayContaining([
          expect.objectContaining({ message: expect.any(String) as string }),
        ]) as unknown,
      },
    });
  });

  it('says so when no engine answers', async () => {
    const { exitCode, stderr } = await run(['images', 'build'], { DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('/nonexistent/docker.sock');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is silent when its reader goes away', async () => {
    const { exitCode, stderr } = await execa('sh', ['-c', `"$0" list checks | head -n 1 >/dev/null`, lab], {
      reject: false,
      env: environment,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('draws a lab that does not run', async () => {
    const { exitCode, stdout } = await run(['diagram', '--format', 'svg']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^<svg .*<\/svg>$/s);
  });

  it('stops at once at the second Ctrl-C', async () => {
    const socket = join(home, 'silent.sock');
    // An engine that takes the question and never answers.
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const running = execa(lab, ['images', 'build'], {
      reject: false,
      env: { ...environment, DOCKER_HOST: `unix://${socket}` },
    });
    await new Promise((resolve) => server.once('connection', resolve));
    running.kill('SIGINT');
    await saidOnStderr(running, 'Stopping');
    const asked = performance.now();
    running.kill('SIGINT');
    const { exitCode } = await running;
    server.close();
    expect(exitCode).toBe(130);
    expect(performance.now() - asked).toBeLessThan(2000);
  });
});

async function saidOnStderr(running: { stderr: NodeJS.ReadableStream }, text: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    running.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    });
    running.stderr.once('end', () => reject(new Error(`"${text}" was not said, only: ${said}`)));
  });
}
