import { chmod, readFile } from 'node:fs/promises';
import { projectFolder } from '../../../src/project/folder.ts';
import { first } from './inside.ts';
import { rebuilt, type Options } from './rebuilt.ts';
import type { Breaker, LabUnderTest } from './types.ts';

/** The service that is missed least while another stands in its place. */
const victim = (lab: LabUnderTest): string => first(lab, 'prober');

const made = (check: string, change: (options: Options, lab: LabUnderTest) => void | Promise<void>): Breaker =>
  rebuilt(`hardening.${check}`, victim, change);

/** The first secret of the plan, as its first reader has it. */
function aSecret({ project, plan }: LabUnderTest): string {
  const [{ name = '', readers = [] } = {}] = plan.secrets;
  return projectFolder(project).secret(readers[0] ?? '', name);
}

export const hardeningBreakers: Breaker[] = [
  made('capabilities', ({ HostConfig }) => {
    HostConfig.CapAdd = ['NET_RAW'];
  }),
  made('no-new-privileges', ({ HostConfig }) => {
    HostConfig.SecurityOpt = [];
  }),
  made('isolation', ({ HostConfig }) => {
    HostConfig.PidMode = 'host';
  }),
  made('own-user', (options) => {
    options.User = '0:0';
  }),
  made('read-only-root', ({ HostConfig }) => {
    HostConfig.ReadonlyRootfs = false;
  }),
  made('limits', ({ HostConfig }) => {
    HostConfig.PidsLimit = 0;
  }),
  made('log-rotation', ({ HostConfig }) => {
    HostConfig.LogConfig = { Type: 'json-file', Config: {} };
  }),
  made('mounts', ({ HostConfig }) => {
    HostConfig.Binds = [...(HostConfig.Binds ?? []), '/var/run/docker.sock:/var/run/docker.sock:ro'];
  }),
  made('secrets-hidden', async (options, lab) => {
    options.Env.push(`PASSWORD=${(await readFile(aSecret(lab), 'utf8')).trim()}`);
  }),
  {
    check: 'hardening.secret-files',
    breakIt: (lab) => chmod(aSecret(lab), 0o444),
    mend: (lab) => chmod(aSecret(lab), 0o400),
  },
];
