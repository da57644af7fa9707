import type { Command } from 'commander';
import { Argument } from 'commander';
import { coloursFor } from '../../report/colours.ts';
import { columns } from '../../report/table.ts';
import { inputError } from '../../errors.ts';
import { defaultLab, option } from '../options.ts';
import { listings } from '../listings.ts';
import { write, writeJson } from '../output.ts';

type What = keyof typeof listings;

export function define(command: Command): void {
  command
    .addArgument(new Argument('[what]', 'What to list').choices(Object.keys(listings)).default('labs'))
    .argument('[lab]', `Whose checks (default: ${defaultLab}’s) or faults (default: of all labs)`)
    .addOption(option.json())
    .action(async (what: What, lab: string | undefined, flags: { json?: boolean }) => {
      if (lab !== undefined && what !== 'checks' && what !== 'faults')
        throw inputError('LIST_WHAT', {
          message: `${what} are not listed by lab`,
          expected: 'lab list checks LAB, lab list faults LAB',
        });
      const rows = await listings[what](lab);
      if (flags.json) return writeJson({ [what]: rows });
      const { bold, dim } = coloursFor(process.stdout);
      if (rows.length === 0) return write(`There are no ${what} yet.\n`);
      write(
        `${columns(rows.map(({ name, about, ...more }) => [bold(name), ...Object.values(more).map((value) => dim(String(value))), about]))}\n`,
      );
    });
}
