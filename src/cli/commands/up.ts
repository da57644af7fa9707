import type { Command } from 'commander';
import { exitCode } from '../../errors.ts';
import type { UpOptions } from '../../life/up.ts';
import type { CertificateSource } from '../../plan/types.ts';
import { upSummary } from '../../report/summary.ts';
import { defaultLab, given, option, portsOf } from '../options.ts';
import { calledAs } from '../called-as.ts';
import { write, writeJson } from '../output.ts';
import { withSession } from '../session.ts';

interface Flags {
  project?: string;
  yes?: boolean;
  json?: boolean;
  httpsPort?: number;
  httpPort?: number;
  port: Record<string, number>;
  certificates?: CertificateSource;
  seed?: number;
  verify: boolean;
}

export function define(command: Command): void {
  command
    .argument('[lab]', 'A lab’s name, or a lab.yml of your own', defaultLab)
    .addOption(option.newProject())
    .addOption(option.yes())
    .addOption(option.httpsPort())
    .addOption(option.httpPort())
    .addOption(option.port())
    .addOption(option.certificates())
    .addOption(option.seed())
    .option('--no-verify', 'Do not run the checks')
    .addOption(option.json())
    .addHelpText(
      'after',
      `
Sets up a Docker engine where there is none (asking first), builds the images that are missing, starts what is not
running as written, and verifies it. Run it again at any time: it changes only what must change.

Exit codes: 0 up and every check passed, 1 a check failed, 2 the input is wrong, 3 this machine cannot run it.`,
    )
    .action(async (lab: string, flags: Flags) => {
      const again = 'run the same `lab up` again, it goes on from here; `lab down --all` removes everything';
      await withSession(command, { yes: flags.yes === true, resume: again }, async (session) => {
        const { up } = await import('../../life/up.ts');
        const result = await up(optionsOf(lab, flags), session);
        return () => {
          const { project, changed, status, verification, notes, durationMs } = result;
          if (flags.json)
            writeJson({
              changed,
              status,
              verification: verification ?? null,
              authority: project.folder.authority,
              notes,
              durationMs,
            });
          else write(upSummary(result, session.colours, { folder: process.cwd(), command: calledAs() }));
          if (status.state !== 'up' || (verification?.summary.failed ?? 0) > 0) process.exitCode = exitCode.failing;
        };
      });
    });
}

function optionsOf(lab: string, flags: Flags): UpOptions {
  return {
    lab,
    ports: portsOf(flags),
    verify: flags.verify,
    ...given('project', flags.project),
    ...given('certificates', flags.certificates),
    ...given('seed', flags.seed),
  };
}
