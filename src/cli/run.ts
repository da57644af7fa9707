import { exitCode } from '../errors.ts';
import { coloursFor } from '../report/colours.ts';
import { errorJson } from '../report/errors.ts';
import { explain } from './explain.ts';
import { interruption } from './interruption.ts';
import { makeProgram } from './program.ts';
import { Usage } from './usage.ts';

/** Runs `lab` with these arguments. @returns its exit code; everything there is to say has been written */
export async function run(argv: readonly string[]): Promise<number> {
  tolerateClosedPipes();
  process.exitCode = exitCode.ok;
  try {
    const program = await makeProgram(argv);
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode);
  } catch (error) {
    if (error instanceof Usage && error.harmless) return exitCode.ok;
    const { signal } = interruption;
    return tell(signal.aborted ? signal.reason : error, asksForJson(argv));
  }
}

function tell(error: unknown, json: boolean): number {
  const debug = !['', '0', undefined].includes(process.env['LAB_DEBUG']);
  const ending = explain(error, coloursFor(process.stderr), debug);
  if (json) process.stdout.write(`${JSON.stringify(errorJson(ending), undefined, 2)}\n`);
  else process.stderr.write(ending.text);
  return ending.exitCode;
}

/** Errors must come as JSON even when the arguments could not be read, so they are looked at before they are parsed. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** `lab list | head -1` closes the pipe early: there is nobody left to tell. */
function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
