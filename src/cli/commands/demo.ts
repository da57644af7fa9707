import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { dismiss, gather } from '../../demo/cast.ts';
import { loadDemo } from '../../demo/load.ts';
import { playDemo } from '../../demo/play.ts';
import { checkRecordable, saveRecording, type Recording } from '../../demo/recording.ts';
import { makeStage } from '../../demo/stage.ts';
import { coloursFor } from '../../report/colours.ts';
import { interruption } from '../interruption.ts';
import { option } from '../options.ts';
import { withSession } from '../session.ts';

interface Flags {
  record?: string;
  speed?: number;
  plain?: boolean;
  yes?: boolean;
}

export function define(command: Command): void {
  command
    .argument('<demo>', 'Its name, as `lab list demos` shows it')
    .option('--record <file>', 'Keep it as an asciicast (.cast) or as a page of its own (.html)')
    .option(
      '--speed <number>',
      'How fast it is told: 2 is twice as fast (default: 1 on a terminal, else without pauses)',
      speed,
    )
    .addOption(option.yes())
    .addHelpText(
      'after',
      `
It plays on labs that run, or brings up those that it needs and takes them down again. Each claim is measured while you
watch. At the end, however it ends, what the demo has changed is put back.

With --plain it comes without colours and without pauses; a recording has the pauses all the same.

Examples:
  lab demo tour
  lab demo plaintext-behind-the-balancer --speed 2
  lab demo primary-lost --plain --record primary-lost.html

Exit codes: 0 all as told, 1 something was not.`,
    )
    .action(async (name: string, flags: Flags) => {
      if (flags.record !== undefined) checkRecordable(flags.record);
      const demo = await loadDemo(name);
      const { plain = false } = command.optsWithGlobals<{ plain?: boolean }>();
      await withSession(command, { yes: flags.yes === true }, async (session) => {
        const players = await gather(demo.labs, session);
        return async () => {
          const recording: Recording = { title: demo.title, events: [] };
          let started = performance.now();
          const told = process.stdout.isTTY && !plain ? 1 : Infinity;
          const stage = makeStage({
            colours:
              flags.record === undefined ? coloursFor(plain ? {} : process.stdout) : coloursFor({ isTTY: !plain }),
            speed: flags.speed ?? told,
            signal: interruption.signal,
            write: (text) => {
              recording.events.push({ at: (performance.now() - started) / 1000, text });
              process.stdout.write(text);
            },
            leaveOut: (ms) => (started -= ms),
          });
          try {
            await playDemo(demo, players, stage, interruption.signal);
            if (flags.record !== undefined) await saveRecording(recording, flags.record);
          } finally {
            await dismiss(players, session);
          }
        };
      });
    });
}

/** @throws InvalidArgumentError */
function speed(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}
