import { randomUUID } from 'node:crypto';
import { PassThrough, type Duplex } from 'node:stream';
import type Docker from 'dockerode';

export interface CommandOptions {
  stdin?: string;
  /** Default 10,000. */
  timeoutMs?: number;
  /** What it may write to each output; default 1 MiB. */
  maxBytes?: number;
}

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A command had not ended by its deadline. The engine cannot end it: it may still run. */
export class CommandTimeout extends Error {
  override readonly name = 'CommandTimeout';
}

/** The command under way: what each stream has brought of it, and whom to tell. */
interface Running {
  mark: string;
  maxBytes: number;
  stdout: string;
  stderr: string;
  resolve(result: CommandResult): void;
  reject(reason: Error): void;
}

/**
 * A shell that stays open in a container and runs one command after the other: starting a process from outside costs the
 * engine some 80 ms of a processor, from inside next to nothing.
 */
export class Shell {
  readonly #stream: Duplex;
  #running: Running | undefined;
  #failure: Error | undefined;

  private constructor(stream: Duplex, modem: Docker['modem']) {
    this.#stream = stream;
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    modem.demuxStream(stream, stdout, stderr);
    stdout.setEncoding('utf8').on('data', (text: string) => this.#collect('stdout', text));
    stderr.setEncoding('utf8').on('data', (text: string) => this.#collect('stderr', text));
    const ended = (error?: Error): void => this.#end(error ?? new Error('the container’s shell has ended'));
    stream.once('end', ended).once('close', ended).once('error', ended);
  }

  /**
   * @param user default: the one that the container began as
   * @throws the engine's own error, with status 409 when the container is not running or paused
   */
  static async open(container: Docker.Container, user?: string): Promise<Shell> {
    const attach = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false };
    const created = await container.exec({ Cmd: ['sh'], ...(user === undefined ? {} : { User: user }), ...attach });
    return new Shell(await created.start({ hijack: true, stdin: true }), container.modem);
  }

  /** Whether it takes a command now. */
  get free(): boolean {
    return this.#failure === undefined && this.#running === undefined;
  }

  /**
   * Runs a command and gives what it wrote; nothing else may run in this shell meanwhile. `stdin` gets a line end.
   * @throws CommandTimeout after `timeoutMs`; an error when it writes more than `maxBytes` or the container stops. The shell is
   * closed then.
   */
  async run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const { stdin, timeoutMs = 10_000, maxBytes = 1 << 20 } = options;
    if (this.#failure !== undefined) throw this.#failure;
    const mark = `lab-${randomUUID()}`;
    const late = new CommandTimeout(`\`${argv.slice(0, 4).join(' ')}\` took longer than ${timeoutMs} ms`);
    const timer = setTimeout(() => this.#end(late), timeoutMs);
    try {
      return await new Promise<CommandResult>((resolve, reject) => {
        this.#running = { mark, maxBytes, stdout: '', stderr: '', resolve, reject };
        this.#stream.write(commandLine(argv, stdin, mark));
      });
    } finally {
      clearTimeout(timer);
      this.#running = undefined;
    }
  }

  /** The shell ends when its input does. */
  close(): void {
    this.#end(new Error('the shell was closed'));
  }

  #collect(output: 'stdout' | 'stderr', text: string): void {
    const running = this.#running;
    // What a child of an earlier command still has to say belongs to nobody.
    if (running === undefined) return;
    running[output] += text;
    if (running[output].length > running.maxBytes) this.#end(new Error(`it wrote more than ${running.maxBytes} bytes`));
    const result = resultOf(running);
    if (result !== undefined) running.resolve(result);
  }

  #end(reason: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#stream.destroy();
    this.#running?.reject(reason);
  }
}

function commandLine(argv: readonly string[], stdin: string | undefined, mark: string): string {
  const command = argv.map(quoted).join(' ');
  const whole =
    stdin === undefined
      ? `${command} </dev/null`
      : `${command} <<'${mark}-in'\n${stdin.replace(/\n$/, '')}\n${mark}-in`;
  return `${whole}\nprintf '\\n${mark} %d\\n' $?; printf '\\n${mark}\\n' >&2\n`;
}

/** One word of a shell, whatever it holds. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** What a command gave, once both streams have brought its mark. */
function resultOf({ mark, stdout, stderr }: Running): CommandResult | undefined {
  const [out, err] = [stdout.lastIndexOf(`\n${mark} `), stderr.lastIndexOf(`\n${mark}\n`)];
  if (out === -1 || err === -1 || !stdout.endsWith('\n')) return undefined;
  return {
    exitCode: Number.parseInt(stdout.slice(out + mark.length + 2), 10),
    stdout: stdout.slice(0, out),
    stderr: stderr.slice(0, err),
  };
}
