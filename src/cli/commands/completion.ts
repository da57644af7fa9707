import { Argument } from 'commander';
import type { Command } from 'commander';
import { completionScripts } from '../completion-scripts.ts';
import { write } from '../output.ts';

type Shell = keyof typeof completionScripts;

export function define(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'Whose').choices(Object.keys(completionScripts)))
    .addHelpText(
      'after',
      `
  bash:  eval "$(lab completion bash)"            in ~/.bashrc
  zsh:   eval "$(lab completion zsh)"             in ~/.zshrc, after compinit
  fish:  lab completion fish | source             in ~/.config/fish/config.fish`,
    )
    .action((shell: Shell) => write(completionScripts[shell]));
}
