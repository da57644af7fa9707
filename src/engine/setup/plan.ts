import { inputError, machineError } from '../../errors.ts';
import { aptInstall, aptUpdate } from './apt.ts';
import type { Distribution } from './distribution.ts';

/** What is known of this machine before anything is changed. */
export interface SetupFacts {
  distribution: Distribution;
  root: boolean;
  systemd: boolean;
  /** Set in the environment: then another machine's engine is meant. */
  dockerHost: string | undefined;
  engine: 'fine' | 'too-old' | 'no-rights' | 'silent';
  /** Whether dockerd is on disk; its version where it told one. */
  dockerd: { version: string | undefined } | undefined;
  compose: 'fine' | 'too-old' | 'missing';
  /** Versions that apt would install now, by package; absent: unknown to apt. */
  candidates: Readonly<Record<string, string>>;
  /** The Debian mirror that apt uses already. */
  mirror: string;
  /** The kernel confines by AppArmor: the engine then needs its tools. */
  apparmor: boolean;
}

export type SetupStep =
  | { kind: 'write'; title: string; path: string; content: string }
  | { kind: 'run'; title: string; argv: readonly string[] }
  | { kind: 'start'; title: string; how: 'systemd' | 'detached'; restart: boolean };

/** Majors that will do: Engine 25 brings API 1.44; Compose 2.20 is checked again once it is installed. */
const leastEngine = 25;
const leastCompose = 2;

const header =
  '# Written by `lab setup`: Debian 13 for the Docker engine alone, at a priority that leaves all else as it is.\n';

/**
 * The steps from a machine as it is to a running engine; none when there is nothing to do.
 * @throws UserError SETUP_REMOTE (exit 2), SETUP_UNSUPPORTED, ENGINE_NO_RIGHTS (exit 3)
 */
export function planSetup(facts: SetupFacts): SetupStep[] {
  const { engine, compose, dockerd, dockerHost } = facts;
  if (engine === 'fine' && compose === 'fine') return [];
  if (dockerHost && engine !== 'fine') {
    throw inputError('SETUP_REMOTE', {
      message: `DOCKER_HOST names the engine at ${dockerHost}; lab sets up this machine’s own.`,
      fix: 'Unset DOCKER_HOST, or start that engine where it lives.',
    });
  }
  if (engine === 'no-rights') {
    throw machineError('ENGINE_NO_RIGHTS', {
      message: 'A Docker engine is here, but you may not use it.',
      fix: 'Run as root, or join its group: `sudo usermod -aG docker $USER`, then log in again.',
    });
  }
  const engineIsEnough =
    engine === 'fine' ||
    (engine === 'silent' && dockerd !== undefined && isAtLeast(dockerd.version, leastEngine, true));
  const install = engineIsEnough && compose === 'fine' ? [] : installSteps(facts, engineIsEnough);
  return engine === 'fine' ? install : [...install, startStep(facts)];
}

function startStep({ systemd, engine }: SetupFacts): SetupStep {
  const restart = engine === 'too-old';
  const title = restart ? 'Restart the Docker engine (its containers stop)' : 'Start the Docker engine';
  return { kind: 'start', title, how: systemd ? 'systemd' : 'detached', restart };
}

function installSteps(facts: SetupFacts, engineIsEnough: boolean): SetupStep[] {
  const { distribution, candidates, apparmor } = facts;
  if (distribution.kind === 'other') throw unsupported(distribution.name);
  const ubuntu = distribution.kind === 'ubuntu';
  const composePackage = ubuntu ? 'docker-compose-v2' : 'docker-compose';
  const recent =
    (engineIsEnough || isAtLeast(candidates['docker.io'], leastEngine)) &&
    isAtLeast(candidates[composePackage], leastCompose);
  if (!recent && ubuntu) throw unsupported(distribution.name);
  const extra = ['iptables', ...(apparmor ? ['apparmor'] : [])];
  const engine = engineIsEnough ? [] : ['docker.io', ...(ubuntu ? [] : ['docker-cli'])];
  const wanted = [...engine, composePackage, ...(ubuntu && engineIsEnough ? [] : ['docker-buildx'])];
  const packages = [...(recent ? wanted : wanted.map((name) => `${name}/trixie`)), ...extra];
  return [
    ...(recent ? [] : trixieSource(facts.mirror)),
    { kind: 'run', title: 'Read the package lists', argv: aptUpdate },
    { kind: 'run', title: `Install ${wanted.join(', ')}`, argv: aptInstall(packages) },
  ];
}

function trixieSource(mirror: string): SetupStep[] {
  const source = [
    'Types: deb',
    `URIs: ${mirror}`,
    'Suites: trixie',
    'Components: main',
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
  ];
  const pin = ['Package: *', 'Pin: release n=trixie', 'Pin-Priority: 100'];
  const write = (path: string, lines: string[]): SetupStep => ({
    kind: 'write',
    title: `Write ${path}`,
    path,
    content: `${header}${lines.join('\n')}\n`,
  });
  return [write('/etc/apt/preferences.d/lab-trixie', pin), write('/etc/apt/sources.list.d/lab-trixie.sources', source)];
}

/** Reads the major version of a Debian version such as `5:26.1.5+dfsg1-9`. */
function isAtLeast(version: string | undefined, major: number, unknown = false): boolean {
  const found = /^(?:\d+:)?(\d+)/.exec(version ?? '')?.[1];
  return found === undefined ? unknown : Number(found) >= major;
}

function unsupported(name: string): Error {
  return machineError('SETUP_UNSUPPORTED', {
    message: `lab does not know how to install a Docker engine on ${name}.`,
    expected: 'Debian 12 or newer, or Ubuntu with Docker Engine 25 or newer in its archive',
    fix: 'Install Docker Engine 25 or newer and the Compose plugin by hand (https://docs.docker.com/engine/install), then run again.',
  });
}

/** The steps in a user's words. */
export function describeSteps(steps: readonly SetupStep[]): string[] {
  return steps.map(({ title }) => title);
}

/** The steps as commands that a user can paste into a shell. */
export function asCommands(steps: readonly SetupStep[]): string[] {
  return steps.map((step) => {
    if (step.kind === 'write') return `sudo tee ${step.path} >/dev/null <<'EOF'\n${step.content}EOF`;
    if (step.kind === 'run') return `sudo ${step.argv.join(' ')}`;
    if (step.how === 'systemd') return `sudo systemctl ${step.restart ? 'restart' : 'start'} docker`;
    return `sudo sh -c 'setsid dockerd >>${dockerdLog} 2>&1 </dev/null &'`;
  });
}

/** Where an engine without systemd writes. */
export const dockerdLog = '/var/log/dockerd-lab.log';
