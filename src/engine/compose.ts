import { execa, ExecaError } from 'execa';
import { machineError } from '../errors.ts';
import { explainOutput } from './failures.ts';
import { LastLines, lineSplitter } from './text.ts';

/** A Compose project on disk. */
export interface ComposeProject {
  project: string;
  /** Folder that relative paths start from. */
  directory: string;
  /** Path of `compose.yml`. */
  file: string;
}

export interface ComposeOptions {
  signal?: AbortSignal | undefined;
  onLine?: ((line: string) => void) | undefined;
}

interface ComposeCommand {
  argv: readonly string[];
  version: string;
}

const leastVersion = [2, 20] as const;
let found: Promise<ComposeCommand> | undefined;

/**
 * How Compose is called here: as a plugin, or as `docker-compose`. Looked for once per process.
 * @throws UserError COMPOSE_MISSING, COMPOSE_TOO_OLD
 */
export function findCompose(): Promise<ComposeCommand> {
  found ??= lookForCompose([['docker', 'compose'], ['docker-compose']]).catch((error: unknown) => {
    found = undefined;
    throw error;
  });
  return found;
}

/** The first of `candidates` that is new enough. @throws as `findCompose` */
export async function lookForCompose(candidates: readonly (readonly string[])[]): Promise<ComposeCommand> {
  const seen: ComposeCommand[] = [];
  for (const argv of candidates) {
    const [program = '', ...rest] = argv;
    const { stdout, failed } = await execa(program, [...rest, 'version', '--short'], {
      reject: false,
      timeout: 10_000,
    });
    const version = failed ? undefined : /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
    if (version === undefined) continue;
    if (composeIsNewEnough(version)) return { argv, version };
    seen.push({ argv, version });
  }
  const [old] = seen;
  const fix =
    'On Debian and Ubuntu: `./lab setup`. Elsewhere install the Compose plugin: https://docs.docker.com/compose/install/linux.';
  if (!old)
    throw machineError('COMPOSE_MISSING', {
      message: 'Docker Compose is not installed.',
      expected: 'Docker Compose 2.20 or newer',
      fix,
    });
  throw machineError('COMPOSE_TOO_OLD', {
    message: `Docker Compose ${old.version} (${old.argv.join(' ')}) is too old.`,
    expected: '2.20 or newer',
    found: old.version,
    fix,
  });
}

/** Whether a version such as `2.26.1-4` or `v5.0.0` will do. */
export function composeIsNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > leastVersion[0] || (major === leastVersion[0] && minor >= leastVersion[1]);
}

/**
 * Creates and starts what is not there, replaces what differs, removes services that are gone.
 * Returns when the containers are started; their health is the caller's to wait for.
 * @throws UserError for what a user can mend (port taken, disk full, a container that died …)
 */
export async function composeUp(
  target: ComposeProject,
  options: ComposeOptions & {
    wait?: boolean;
    services?: readonly string[];
    /** Leaves alone what the services are said to depend on. */
    noDeps?: boolean;
  } = {},
): Promise<void> {
  const wait = [...(options.wait ? ['--wait'] : []), ...(options.noDeps ? ['--no-deps'] : [])];
  await compose(
    target,
    ['up', '--detach', '--remove-orphans', '--pull', 'never', ...wait, ...(options.services ?? [])],
    options,
  );
}

/** Checks the file without the engine. @throws UserError COMPOSE_FAILED with Compose's own words */
export async function composeConfig(target: ComposeProject, options: ComposeOptions = {}): Promise<void> {
  await compose(target, ['config', '--quiet'], options);
}

/** One container as `docker compose ps --format json` tells it. */
export interface ComposeContainer {
  Service: string;
  Name: string;
  State: string;
  Health: string;
  ExitCode: number;
}

/** All containers of the project, stopped ones too. */
export async function composePs(target: ComposeProject, options: ComposeOptions = {}): Promise<ComposeContainer[]> {
  const { stdout } = await compose(target, ['ps', '--all', '--format', 'json'], options);
  return parsePs(stdout);
}

/** Compose before 2.21 prints one array, later ones an object per line. */
export function parsePs(text: string): ComposeContainer[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (trimmed.startsWith('[')) return JSON.parse(trimmed) as ComposeContainer[];
  return trimmed.split('\n').map((line) => JSON.parse(line) as ComposeContainer);
}

/**
 * Runs Compose on a project. Standard error, where Compose reports progress, goes line by line to `onLine`.
 * @throws UserError; when `signal` fires, its reason
 */
export async function compose(
  { project, directory, file }: ComposeProject,
  args: readonly string[],
  { signal, onLine }: ComposeOptions = {},
): Promise<{ stdout: string }> {
  const command = await findCompose();
  signal?.throwIfAborted();
  const [program = '', ...plugin] = command.argv;
  const last = new LastLines(60);
  const splitter = lineSplitter((line) => {
    last.add(line);
    onLine?.(line);
  });
  const running = execa(
    program,
    [
      ...plugin,
      '--ansi',
      'never',
      '--progress',
      'plain',
      '--project-name',
      project,
      '--project-directory',
      directory,
      '--file',
      file,
      ...args,
    ],
    {
      stdin: 'ignore',
      buffer: { stdout: true, stderr: false },
      env: composeEnvironment(process.env),
      extendEnv: false,
      ...(signal ? { cancelSignal: signal } : {}),
      // Compose undoes a half-made start when it is asked to stop.
      forceKillAfterDelay: 10_000,
    },
  );
  running.stderr.setEncoding('utf8').on('data', splitter.push);
  try {
    const { stdout } = await running;
    return { stdout };
  } catch (error) {
    splitter.end();
    signal?.throwIfAborted();
    if (!(error instanceof ExecaError)) throw error;
    throw explainOutput(
      last.toString(),
      {
        code: 'COMPOSE_FAILED',
        message: `docker compose ${args[0] ?? ''} ended with exit code ${error.exitCode ?? 'unknown'}.`,
      },
      error,
    );
  }
}

/** The environment without what would make Compose read other files than ours. */
export function composeEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const misleading = /^COMPOSE_(?!PARALLEL_LIMIT$|HTTP_TIMEOUT$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.test(name)));
}
