import { installation } from '../installation.ts';

/** How a command is typed that is shown to be copied: in the installation's own folder `lab` is `./lab`. */
export function calledAs(): string {
  return process.cwd() === installation.root ? './lab' : 'lab';
}
