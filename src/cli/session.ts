import type { Command } from 'commander';
import type { Emit } from '../events.ts';
import type { Colours } from '../report/colours.ts';
import { coloursFor } from '../report/colours.ts';
import type { EventRenderer } from '../report/events.ts';
import type { Ask, Confirm } from './confirm.ts';
import { asking, confirmation } from './confirm.ts';
import { interruption, listen } from './interruption.ts';

/** What a command that takes a while works with. */
export interface Session {
  /** Reports progress, on standard error. */
  emit: Emit;
  /** Fires at Ctrl-C. */
  signal: AbortSignal;
  /** Asks before the machine is changed. @throws UserError NEEDS_YES where nobody can answer */
  confirm: Confirm;
  /** Asks before something else is done. @throws UserError NEEDS_YES where nobody can answer */
  ask: Ask;
  /** Colours for standard output. */
  colours: Colours;
}

interface SessionOptions {
  /** Answers questions beforehand. */
  yes?: boolean;
  /** What to do after Ctrl-C, in words. */
  resume?: string;
}

/** What is to be said when the progress has been drawn to its end. */
type Saying = () => unknown;

/** Runs work with progress drawn, leaves the terminal clean however it ends, then has it say its result. */
export async function withSession(
  command: Command,
  options: SessionOptions,
  work: (session: Session) => Promise<Saying>,
): Promise<void> {
  const renderer = await rendererFor(command.optsWithGlobals());
  listen(
    options.resume ?? 'run the same command again',
    () => renderer.emit({ type: 'note', text: 'Stopping (Ctrl-C again leaves at once)' }),
    () => renderer.end('stopped'),
  );
  const ask = asking(options.yes === true, renderer);
  let saying: Saying | undefined;
  try {
    saying = await work({
      emit: renderer.emit,
      signal: interruption.signal,
      ask,
      confirm: confirmation(ask),
      colours: coloursFor(process.stdout),
    });
    interruption.signal.throwIfAborted();
  } finally {
    renderer.end(saying === undefined ? 'stopped' : 'done');
  }
  await saying();
}

async function rendererFor(flags: { progress?: string; plain?: boolean; quiet?: boolean }): Promise<EventRenderer> {
  const write = (text: string): void => void process.stderr.write(text);
  const colours = coloursFor(process.stderr);
  const how = progressOf(flags);
  if (how === 'tree') return (await import('../report/events-tree.ts')).treeEvents(process.stderr, colours);
  if (how === 'json') return (await import('../report/events-json.ts')).jsonEvents(write);
  if (how === 'none') return { emit: () => undefined, pause: () => undefined, end: () => undefined };
  return (await import('../report/events-plain.ts')).plainEvents(write, colours);
}

function progressOf({ progress, plain, quiet }: { progress?: string; plain?: boolean; quiet?: boolean }): string {
  if (quiet === true) return 'none';
  if (plain === true) return 'plain';
  if (progress !== undefined && progress !== 'auto') return progress;
  return process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? 'tree' : 'plain';
}
