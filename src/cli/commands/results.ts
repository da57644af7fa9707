import type { Command } from 'commander';
import { Option } from 'commander';
import { exitCode, inputError } from '../../errors.ts';
import { compareResults } from '../../grade/compare-results.ts';
import { readResult, readResultFile, resultFiles, type ReadResult } from '../../grade/read-result.ts';
import { makeKeyFiles, verifyResultFiles } from '../../grade/signed-results.ts';
import { didYouMean } from '../../lab/nearest-name.ts';
import { coloursFor } from '../../report/colours.ts';
import { audiences, type Audience } from '../../report/grade/audience.ts';
import { explanation } from '../../report/grade/explain.ts';
import { gradeReporters, type GradeFormat } from '../../report/grade/reporters.ts';
import { comparedText, verifiedText } from '../../report/grade/results.ts';
import { gradeFormat } from '../grade/formats.ts';
import { option } from '../options.ts';
import { write, writeJson, writeTo } from '../output.ts';
import { prepare } from '../program.ts';

export function define(command: Command): void {
  command.addHelpText(
    'after',
    `
A RESULT is a result.json, or the folder of a student that holds one. Where several are taken, also the folder of a class.

Examples:
  lab results show results/s-017 --reporter html --output s-017.html
  lab results explain results/s-017 tls.https-answers
  lab results key --out grader.key
  lab results verify results --key grader.key.pub
  lab results compare results results-again`,
  );
  key(command);
  verify(command);
  show(command);
  explain(command);
  compare(command);
}

function key(parent: Command): void {
  sub(parent, 'key', 'Make a key that signs results')
    .requiredOption('--out <file>', 'Where the private key goes; the public one goes to FILE.pub')
    .action(async ({ out }: { out: string }) => {
      const fingerprint = await makeKeyFiles(out);
      write(
        `${out}      keep it: lab grade --sign ${out}\n${out}.pub  give it away: lab results verify --key ${out}.pub\n${fingerprint}\n`,
      );
    });
}

function verify(parent: Command): void {
  sub(parent, 'verify', 'Say whether results are as they were signed')
    .argument('<results...>', 'Results, or folders of them')
    .requiredOption('--key <file>', 'The public key')
    .addOption(option.json())
    .addHelpText('after', '\nExit codes: 0 every signature matches, 1 one does not or is missing.')
    .action(async (paths: string[], flags: { key: string; json?: boolean }) => {
      const files = (await Promise.all(paths.map(resultFiles))).flat();
      const verified = await verifyResultFiles(files, flags.key);
      if (flags.json)
        writeJson({
          results: verified.map(({ file, verdict, result }) => ({ file, verdict, student: result?.student ?? null })),
        });
      else write(verifiedText(verified, coloursFor(process.stdout)));
      if (verified.some(({ verdict }) => verdict !== 'matches')) process.exitCode = exitCode.failing;
    });
}

interface ShowFlags {
  reporter: GradeFormat;
  audience: Audience;
  output?: string;
}

function show(parent: Command): void {
  sub(parent, 'show', 'Show a result as a report')
    .argument('<result>', 'A result, or the folder that holds it')
    .option('--reporter <name>', `Format: ${Object.keys(gradeReporters).join(', ')}`, gradeFormat, 'terminal')
    .addOption(
      new Option('--audience <who>', 'Who reads it; a student does not learn what hidden checks look for')
        .choices(audiences)
        .default('student'),
    )
    .option('--output <path>', 'Write to a file')
    .action(async (path: string, { reporter, audience, output }: ShowFlags) => {
      const { result } = await readResult(path);
      const colour = output === undefined && coloursFor(process.stdout).isColorSupported;
      const report = gradeReporters[reporter](result, { audience, colour });
      if (output === undefined) write(report);
      else await writeTo(output, report);
    });
}

function explain(parent: Command): void {
  sub(parent, 'explain', 'Show all that is known of one check, for the instructor')
    .argument('<result>', 'A result, or the folder that holds it')
    .argument('<check>', 'The check’s id, as the reports show it')
    .action(async (path: string, id: string) => {
      const { result } = await readResult(path);
      const ids = result.checks.map((check) => check.id);
      if (!ids.includes(id))
        throw inputError('CHECK_UNKNOWN', {
          message: `there is no check "${id}" in this result`,
          expected: ids.length === 0 ? 'none: nothing was measured' : ids.join(', '),
          ...didYouMean(id, ids),
        });
      write(explanation(result, id, coloursFor(process.stdout)));
    });
}

function compare(parent: Command): void {
  sub(parent, 'compare', 'Show where two gradings do not agree')
    .argument('<first>', 'A result, or the folder of a class')
    .argument('<second>', 'Another grading of the same')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nScores and what became of each check count; words and times may differ.\nExit codes: 0 they agree, 1 they differ.',
    )
    .action(async (first: string, second: string, flags: { json?: boolean }) => {
      const compared = compareResults(await readAll(first), await readAll(second));
      if (flags.json) writeJson(compared);
      else write(comparedText(compared, coloursFor(process.stdout)));
      if (compared.differences.length > 0) process.exitCode = exitCode.failing;
    });
}

async function readAll(path: string): Promise<ReadResult[]> {
  const read: ReadResult[] = [];
  for (const file of await resultFiles(path)) read.push(await readResultFile(file));
  return read;
}

function sub(parent: Command, name: string, summary: string): Command {
  return prepare(parent.command(name)).summary(summary).description(`${summary}.`);
}
