import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { connect } from '../../engine/docker.ts';
import { exitCode } from '../../errors.ts';
import { openProject } from '../../life/projects.ts';
import { measuring } from '../../life/verify.ts';
import { sweep } from '../../probe/sweep.ts';
import { whyText } from '../../report/why.ts';
import { questionOf } from '../../why/question.ts';
import { why } from '../../why/why.ts';
import { option } from '../options.ts';
import { write, writeJson } from '../output.ts';
import { withSession } from '../session.ts';

interface Flags {
  project?: string;
  udp?: boolean;
  json?: boolean;
}

export function define(command: Command): void {
  command
    .argument('<from>', 'A service, a zone (to be a stranger there), or host (this machine)')
    .argument('<to:port>', 'A service and its port')
    .addOption(option.project())
    .option('--udp', 'Send a datagram')
    .addOption(option.json())
    .addHelpText(
      'after',
      `
It sends a real packet, and each firewall tells what it does with it: the rule that decided, its line in the
project’s files, what it has counted, and the flow of lab.yml that it was made from.

Examples:
  lab why web1 db-primary:3306
  lab why edge db-primary:3306
  lab why host prometheus:9090

Exit codes: 0 reachable, 1 not reachable.`,
    )
    .action(async (from: string, to: string, flags: Flags) => {
      await withSession(command, {}, async (session) => {
        const project = await openProject(flags.project);
        const question = questionOf(project.plan, from, to, flags.udp ? 'udp' : 'tcp');
        const docker = await connect();
        await sweep(docker, project.name);
        const rulesFile = (firewall: string): string =>
          relative(process.cwd(), join(project.folder.root, 'config', firewall, 'rules.v4'));
        const answer = await measuring(docker, project, session, (context) => why(context, question, rulesFile));
        return () => {
          if (flags.json) writeJson(answer);
          else write(whyText(answer, session.colours));
          if (!answer.reachable) process.exitCode = exitCode.failing;
        };
      });
    });
}
