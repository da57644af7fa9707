import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { UserError } from '../../errors.ts';
import { findCompose } from '../compose.ts';
import { checkEngine, client } from '../docker.ts';
import { findProgram } from '../programs.ts';
import { isRoot, readDistribution } from './distribution.ts';
import type { SetupFacts } from './plan.ts';

/** Looks at this machine; changes nothing. */
export async function readFacts(): Promise<SetupFacts> {
  const distribution = await readDistribution();
  const [engine, compose] = await Promise.all([engineState(), composeState()]);
  // apt takes seconds to answer, and where there is nothing to install nobody asks.
  const apt = distribution.family === 'debian' && !(engine === 'fine' && compose === 'fine');
  const [dockerd, candidates, mirror, apparmor] = await Promise.all([
    dockerdOnDisk(),
    apt ? aptCandidates(['docker.io', 'docker-compose', 'docker-compose-v2']) : {},
    apt ? aptMirror(distribution.codename) : defaultMirror(),
    readFile('/sys/module/apparmor/parameters/enabled', 'utf8').then(
      (text) => text.startsWith('Y'),
      () => false,
    ),
  ]);
  return {
    distribution,
    root: isRoot(),
    systemd: existsSync('/run/systemd/system'),
    dockerHost: process.env['DOCKER_HOST'] || undefined,
    engine,
    compose,
    dockerd,
    candidates,
    mirror,
    apparmor,
  };
}

async function engineState(): Promise<SetupFacts['engine']> {
  try {
    await checkEngine(client());
    return 'fine';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.code === 'ENGINE_TOO_OLD' ? 'too-old' : error.code === 'ENGINE_NO_RIGHTS' ? 'no-rights' : 'silent';
  }
}

async function composeState(): Promise<SetupFacts['compose']> {
  try {
    await findCompose();
    return 'fine';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.code === 'COMPOSE_TOO_OLD' ? 'too-old' : 'missing';
  }
}

async function dockerdOnDisk(): Promise<SetupFacts['dockerd']> {
  const program = await findProgram('dockerd');
  if (program === undefined) return undefined;
  const { stdout, failed } = await execa(program, ['--version'], { reject: false, timeout: 5000 });
  return { version: failed ? undefined : /version v?(\d[^\s,]*)/.exec(stdout)?.[1] };
}

async function aptCandidates(packages: readonly string[]): Promise<Record<string, string>> {
  const { stdout, failed } = await execa('apt-cache', ['policy', ...packages], { reject: false, env: { LC_ALL: 'C' } });
  return failed ? {} : parsePolicy(stdout);
}

/** Reads `apt-cache policy`: the version that `apt-get install` would take, by package. */
export function parsePolicy(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', version = ''] of text.matchAll(/^(\S+):\n(?: .*\n)*? {2}Candidate: (\S+)/gm)) {
    if (version !== '(none)') found[name] = version;
  }
  return found;
}

function defaultMirror(): string {
  return process.env['LAB_DEBIAN_MIRROR'] || 'http://deb.debian.org/debian';
}

/** A classroom's own mirror serves trixie too: what apt uses for Debian itself is used again. */
async function aptMirror(codename: string): Promise<string> {
  if (process.env['LAB_DEBIAN_MIRROR']) return defaultMirror();
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
  const { stdout, failed } = await execa('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    reject: false,
  });
  if (failed) return defaultMirror();
  const line = stdout.split('\n').find((entry) => entry.endsWith(` ${codename} main`) && /^https?:/.test(entry));
  return line?.split(' ')[0]?.replace(/\/+$/, '') ?? defaultMirror();
}
