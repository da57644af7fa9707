import { join } from 'node:path';
import type { Command } from 'commander';
import type { VerifyResult } from '../../checks/result.ts';
import { exitCode, inputError } from '../../errors.ts';
import { nearestName } from '../../lab/nearest-name.ts';
import { coloursFor } from '../../report/colours.ts';
import { reporters } from '../../report/reporters.ts';
import { given, option } from '../options.ts';
import { write, writeTo } from '../output.ts';
import { withSession } from '../session.ts';

type Format = keyof typeof reporters;

/** What a report is called in a folder of several. */
const fileNames: Record<Format, string> = {
  terminal: 'verify.txt',
  json: 'verify.json',
  junit: 'verify.xml',
  markdown: 'verify.md',
  tap: 'verify.tap',
};

interface Flags {
  project?: string;
  only?: string[];
  reporter: Format[];
  output?: string;
  json?: boolean;
}

export function define(command: Command): void {
  command
    .addOption(option.project())
    .option(
      '--only <glob>',
      'Only checks whose id matches, such as tls.*; may be given again',
      (glob: string, before: string[] = []) => [...before, glob],
    )
    .option('--reporter <names>', `Formats, separated by commas: ${Object.keys(reporters).join(', ')}`, formats, [
      'terminal',
    ] as Format[])
    .option('--output <path>', 'Write to a file; with several reporters, into a folder')
    .addOption(option.json())
    .addHelpText('after', '\nExit codes: 0 every check passed, 1 a check failed.')
    .action(async (flags: Flags) => {
      await withSession(command, {}, async (session) => {
        const { verify } = await import('../../life/verify.ts');
        const result = await verify({ project: flags.project, ...given('only', flags.only) }, session);
        return async () => {
          await writeReports(result, flags);
          if (result.summary.failed > 0) process.exitCode = exitCode.failing;
        };
      });
    });
}

/** Several reports on one standard output would be no format at all, so they need a folder. */
async function writeReports(result: VerifyResult, { json, reporter, output }: Flags): Promise<void> {
  const render = (format: Format, colour: boolean): string => reporters[format](result, { colour });
  if (json) write(render('json', false));
  if (output === undefined) {
    if (!json) write(render(reporter[0] ?? 'terminal', coloursFor(process.stdout).isColorSupported));
    return;
  }
  const targets = reporter.map((format) => ({
    format,
    path: reporter.length === 1 ? output : join(output, fileNames[format]),
  }));
  for (const { format, path } of targets) {
    await writeTo(path, render(format, false));
    if (!json) process.stderr.write(`wrote ${path}\n`);
  }
}

function formats(text: string): Format[] {
  const known = Object.keys(reporters);
  return text.split(',').map((word) => {
    const name = word.trim();
    if (name in reporters) return name as Format;
    const nearest = nearestName(name, known);
    throw inputError('REPORTER_UNKNOWN', {
      message: `there is no reporter "${name}"`,
      expected: known.join(', '),
      ...(nearest === undefined ? {} : { fix: `did you mean "${nearest}"?` }),
    });
  });
}
