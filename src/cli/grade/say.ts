import { exitCode } from '../../errors.ts';
import type { ClassResult } from '../../grade/result.ts';
import { coloursFor } from '../../report/colours.ts';
import { write, writeJson } from '../output.ts';
import type { GradeFlags } from './flags.ts';

/** Says what came of it on standard output, and sets the exit code. */
export async function say(
  graded: ClassResult,
  { json, out, reporter: [format = 'terminal'] = [] }: GradeFlags,
): Promise<void> {
  const { results } = graded;
  const [only, ...others] = results;
  if (json === true) writeJson(out === undefined && others.length === 0 ? only : graded);
  else if (out !== undefined) write(summary(graded, out));
  else {
    const { gradeReporters } = await import('../../report/grade/reporters.ts');
    const colour = coloursFor(process.stdout).isColorSupported;
    write(results.map((result) => gradeReporters[format](result, { audience: 'student', colour })).join('\n'));
  }
  if (results.some(({ outcome }) => outcome === 'not-measured')) process.exitCode = exitCode.machine;
  else if (results.some(({ summary: { passed } }) => !passed)) process.exitCode = exitCode.failing;
}

function summary({ results, jobs, durationMs }: ClassResult, out: string): string {
  const count = (good: (outcome: ClassResult['results'][number]) => boolean): number => results.filter(good).length;
  const parts = [
    `${count(({ summary: { passed } }) => passed)} passed`,
    `${count(({ outcome, summary: { passed } }) => outcome === 'graded' && !passed)} did not`,
    `${count(({ outcome }) => outcome === 'refused')} refused`,
    `${count(({ outcome }) => outcome === 'not-measured')} could not be measured`,
  ].filter((part) => !part.startsWith('0 '));
  const seconds = Math.round(durationMs / 1000);
  return `${results.length} submissions: ${parts.join(', ')}; ${seconds} s, ${jobs} at a time\n  ${out}/index.html\n  ${out}/class.csv\n`;
}
