import type { Option } from 'commander';
import type { Colours } from '../report/colours.ts';

/** What follows the commands in `lab --help`. */
export function rootHelp(options: readonly Option[], { bold }: Colours): string {
  const flags = options.map((option) => `  ${option.flags.padEnd(18)} ${option.description}\n`).join('');
  return `
${bold('Options of every command:')}
${flags}  -h, --help         Show what a command takes

${bold('Examples:')}
  lab up --yes                              from nothing to a verified lab
  lab up --project two --https-port 9443    a second one beside it
  lab verify --only 'tls.*'                 some checks only
  lab probe web1 -- nc -zv db-primary 3306  what a server can reach
  lab compare secured-monitored scaled-up   what one proves and the other does not
  lab down --all                            leave nothing behind

${bold('Exit codes:')}
  0    all well
  1    it ran and found something failing
  2    the input is wrong
  3    this machine cannot run it
  70   a mistake of lab itself
  130  stopped with Ctrl-C

${bold('Environment:')}
  LAB_HOME           where projects are kept (default: .lab in this installation)
  LAB_PROGRESS       auto, tree, plain, json or none, as --progress
  LAB_DEBIAN_MIRROR  Debian mirror that images are built from
  LAB_DEBUG=1        show where in lab an unexpected error happened
  DOCKER_HOST        the engine to use
  NO_COLOR=1         write no colours
`;
}
