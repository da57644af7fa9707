import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { exitCode } from '../../errors.ts';
import { openRunning } from '../../life/running.ts';
import { sweep } from '../../probe/sweep.ts';
import { coloursFor } from '../../report/colours.ts';
import { trafficLine, trafficText } from '../../report/traffic.ts';
import { defaultRate, startTraffic } from '../../traffic/traffic.ts';
import { duration } from '../duration.ts';
import { interrupted, listen } from '../interruption.ts';
import { count, option } from '../options.ts';
import { write, writeJson } from '../output.ts';

interface Flags {
  project?: string;
  rate: number;
  for?: number;
  json?: boolean;
}

export function define(command: Command): void {
  command
    .addOption(option.project())
    .option('--rate <number>', 'Requests a second', count, defaultRate)
    .option('--for <duration>', 'How long, such as 30s, 5m or 1h (default: until Ctrl-C)', duration)
    .addOption(option.json())
    .addHelpText(
      'after',
      `
Visitors open pages and files, and read and write messages, from a container in the edge zone. Messages that they
wrote are removed at the end.

Exit codes: 0 every visitor got an answer, 1 some saw errors.`,
    )
    .action(async (flags: Flags) => {
      const { docker, project } = await openRunning(flags.project);
      await sweep(docker, project.name);
      const { quiet = false } = command.optsWithGlobals<{ quiet?: boolean }>();
      const say = (text: string): void => void (quiet || process.stderr.write(`${text}\n`));
      listen(
        'run the same command again',
        () => say('Stopping (Ctrl-C again leaves at once)'),
        () => undefined,
      );
      const traffic = await startTraffic(docker, project.plan, {
        rate: flags.rate,
        progress: (summary) => say(trafficLine(summary)),
      });
      const over =
        flags.for === undefined
          ? interrupted()
          : Promise.race([interrupted(), sleep(flags.for, undefined, { ref: false })]);
      await Promise.race([over, traffic.ended]);
      const summary = await traffic.stop();
      if (flags.json) writeJson({ project: project.name, ...summary });
      else write(trafficText(summary, coloursFor(process.stdout)));
      process.exitCode = summary.errors > 0 ? exitCode.failing : exitCode.ok;
    });
}
