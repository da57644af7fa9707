import type { Command } from 'commander';
import { candidates } from '../candidates.ts';
import { write } from '../output.ts';

export function define(command: Command): void {
  command
    .argument('[words...]', 'What was typed so far, the word under the cursor last')
    .action(async (words: string[]) => {
      write((await candidates(words)).map((word) => `${word}\n`).join(''));
    });
}
