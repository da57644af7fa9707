import type { CommanderError } from 'commander';
import { UserError, exitCode } from '../errors.ts';

/** What commander says about arguments that it cannot read, or that it has answered itself (`--help`, `--version`). */
export class Usage extends UserError {
  /** Help or a version was asked for and given. */
  readonly harmless: boolean;

  constructor(error: CommanderError, command: string) {
    const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
    const suggestion = /^\(Did you mean (.*)\?\)$/.exec(rest.join(' '))?.[1];
    const help = `\`${command} --help\` shows what there is`;
    super(
      'USAGE',
      exitCode.input,
      { message: first, fix: suggestion === undefined ? help : `did you mean ${suggestion}? ${help}` },
      error,
    );
    this.harmless = error.exitCode === 0;
  }
}
