import type { Command } from 'commander';
import { gradeFormats } from '../grade/formats.ts';
import { checkUsage, jobs, type GradeFlags } from '../grade/flags.ts';
import { option } from '../options.ts';
import { withSession } from '../session.ts';

export function define(command: Command): void {
  command
    .argument('[submission...]', 'Folders, archives (.zip, .tar, .tar.gz) or single files, one a student')
    .requiredOption('-e, --exercise <name>', 'Which; `lab list exercises` shows them')
    .option('-o, --out <dir>', 'Where results go: a folder a student, class.csv and index.html')
    .option('-j, --jobs <number>', 'How many at a time (default: what this machine bears, measured)', jobs)
    .option('--resume', 'Go on with a grading that was cut off; nobody is graded twice')
    .option('--export', 'The one submission is a learning platform’s export: it holds one for each student')
    .option('--key <file>', 'The grader’s key: every student has values of their own (see `lab new --key`)')
    .option('--student <id>', 'Whose it is, where there is one submission (default: its name)')
    .option('--sign <file>', 'Sign every result with this key (`lab results key` makes one)')
    .option('--live', 'Grade a running lab that was broken (`lab break`) and repaired by hand')
    .addOption(option.project())
    .option(
      '--reporter <names>',
      'Formats, separated by commas: terminal, json, junit, markdown, html, gradescope',
      gradeFormats,
    )
    .addOption(option.yes())
    .addOption(option.json())
    .addHelpText(
      'after',
      `
A submission is taken as hostile: it is read without being unpacked, what it may hold is checked before anything runs, and it
runs in containers of its own without a way to this machine, to the internet or to another submission.

Examples:
  lab grade my-tls --exercise tls-termination
  lab grade submissions/* --exercise tls-termination --out results
  lab grade export.zip --export --exercise tls-termination --out results --resume
  lab break server-nginx-stopped                      # then repair by hand, and:
  lab grade --live --exercise restore-service
  lab grade alice.zip --exercise tls-termination --key class.key --student alice --reporter markdown

Exit codes: 0 every submission passed, 1 one did not, 2 the input is wrong, 3 this machine cannot grade.`,
    )
    .action(async (submissions: string[], flags: GradeFlags) => {
      checkUsage(submissions, flags);
      const resume = 'run the same `lab grade` again with --resume, it goes on from here';
      const hint = flags.out === undefined ? {} : { resume };
      await withSession(command, { yes: flags.yes === true, ...hint }, async (session) => {
        const [{ gradeAll, gradeRunning }, { say }] = await Promise.all([
          import('../grade/work.ts'),
          import('../grade/say.ts'),
        ]);
        const graded =
          flags.live === true ? await gradeRunning(flags, session) : await gradeAll(submissions, flags, session);
        return () => say(graded, flags);
      });
    });
}
