import type { Command } from 'commander';
import { Argument } from 'commander';
import { coloursFor } from '../../report/colours.ts';
import { columns } from '../../report/table.ts';
import { option } from '../options.ts';
import { listings } from '../listings.ts';
import { write, writeJson } from '../output.ts';

type What = keyof typeof listings;

export function define(command: Command): void {
  command
    .addArgument(new Argument('[what]', 'What to list').choices(Object.keys(listings)).default('labs'))
    .addOption(option.json())
    .action(async (what: What, flags: { json?: boolean }) => {
      const rows = await listings[what]();
      if (flags.json) return writeJson({ [what]: rows });
      const { bold, dim } = coloursFor(process.stdout);
      if (rows.length === 0) return write(`There are no ${what} yet.\n`);
      write(
        `${columns(rows.map(({ name, about, ...more }) => [bold(name), ...Object.values(more).map((value) => dim(String(value))), about]))}\n`,
      );
    });
}
