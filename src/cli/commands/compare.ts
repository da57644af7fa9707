import type { Command } from 'commander';
import { Option } from 'commander';
import { coloursFor } from '../../report/colours.ts';
import { comparison, comparisonMarkdown } from '../../report/compare.ts';
import { option } from '../options.ts';
import { write, writeJson, writeTo } from '../output.ts';
import { withSession } from '../session.ts';

interface Flags {
  up?: boolean;
  yes?: boolean;
  all?: boolean;
  json?: boolean;
  reporter: 'terminal' | 'json' | 'markdown';
  output?: string;
}

/** Lines and columns of one screen, whatever the terminal has, so that the same comparison looks alike everywhere. */
const screen = { lines: 40, width: 120 };

export function define(command: Command): void {
  command
    .argument('<first>', 'A lab or a project that is up, or a file that `lab verify --json` wrote')
    .argument('<second>', 'Another one')
    .option('--up', 'Bring up what is not running, and take it down afterwards')
    .option('--all', 'Fold nothing')
    .addOption(option.yes())
    .addOption(new Option('--reporter <name>', 'Format').choices(['terminal', 'json', 'markdown']).default('terminal'))
    .option('--output <path>', 'Write to a file')
    .addOption(option.json())
    .addHelpText(
      'after',
      `
Both are measured, one after the other. What only one of them claims is measured on the other too, where that can be
done: whether a secret is heard on its way, say, or how long visitors wait when a part is killed. That takes a minute
or two, and disturbs both labs as \`lab verify\` does.

Examples:
  lab compare secured-monitored scaled-up --up
  lab compare yesterday.json today.json`,
    )
    .action(async (first: string, second: string, flags: Flags) => {
      await withSession(command, { yes: flags.yes === true }, async (session) => {
        const { compareLabs } = await import('../../life/compare.ts');
        const result = await compareLabs([first, second], { up: flags.up === true }, session);
        return async () => {
          const format = flags.json === true ? 'json' : flags.reporter;
          if (format === 'json' && flags.output === undefined) return writeJson(result);
          const colours = coloursFor(flags.output === undefined ? process.stdout : {});
          const how = { colours, width: screen.width, lines: flags.all === true ? Infinity : screen.lines };
          const text =
            format === 'json'
              ? `${JSON.stringify(result, null, 2)}\n`
              : format === 'markdown'
                ? comparisonMarkdown(result)
                : comparison(result, how);
          if (flags.output === undefined) write(text);
          else await writeTo(flags.output, text);
        };
      });
    });
}
