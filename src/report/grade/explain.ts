import type { GradedCheck, GradeResult } from '../../grade/result.ts';
import type { Colours } from '../colours.ts';
import { shownTo } from './audience.ts';
import { points } from './score.ts';

/** All that is known of one check: what was expected and seen, line by line, what blocked it, and how to see it. */
export function explanation(result: GradeResult, id: string, colours: Colours): string {
  const { checks, student } = shownTo(result, 'instructor');
  const index = result.checks.findIndex((check) => check.id === id);
  const check = checks[index];
  if (check === undefined) throw new Error(`no check ${id}`);
  const label = (name: string, text: string): string[] =>
    text === '' ? [] : [`${colours.dim(name.padEnd(14))}  ${text.replaceAll('\n', `\n${' '.repeat(16)}`)}`];
  return [
    `${colours.bold(check.title)}${check.hidden ? ' (hidden)' : ''}  ${colours.dim(check.id)}`,
    ...label('student', student),
    ...label(
      'status',
      `${statusIn(check, colours)}, ${points(check.earned)} of ${points(check.points)} points, ${check.durationMs} ms`,
    ),
    ...causes(check, checks).flatMap((cause) => label('blocked by', cause)),
    ...label('expected', check.expected),
    ...label('observed', check.observed),
    ...label('see it at home', check.reproduce),
    ...label('hint', check.hint),
    ...(check.evidence.length === 0
      ? label('evidence', 'none was kept')
      : [
          colours.dim('evidence'),
          ...check.evidence.map((line, at) => `  ${colours.dim(String(at + 1).padStart(3))}  ${line}`),
        ]),
    '',
  ].join('\n');
}

function statusIn({ status }: GradedCheck, { green, red, yellow }: Colours): string {
  const colour = { passed: green, failed: red, blocked: yellow, 'not-measured': yellow }[status];
  return colour(status);
}

/** The check that blocked it, the one that blocked that, and so on; a made-up result may go round in a circle. */
function causes(check: GradedCheck, checks: readonly GradedCheck[]): string[] {
  const lines: string[] = [];
  const seen = new Set([check.id]);
  let next = check.blockedBy;
  while (next !== null && !seen.has(next)) {
    const id: string = next;
    seen.add(id);
    const cause = checks.find((one) => one.id === id);
    lines.push(cause === undefined ? id : `${cause.title} (${id}, ${cause.status}): ${cause.observed}`);
    next = cause?.blockedBy ?? null;
  }
  return lines;
}
