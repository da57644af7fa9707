import type { ClassResult, GradeResult } from '../../grade/result.ts';
import { markup, type Markup } from '../markup.ts';
import { shownTo } from './audience.ts';
import { boundedPrintable } from './bounded.ts';
import { alike, checkFigures, histogram, median, scored } from './class-figures.ts';
import type { ClassReportOptions } from './class-reporters.ts';
import { histogramSvg } from './histogram-svg.ts';
import { pageOf } from './links.ts';
import { page } from './page.ts';
import { countsOf, points } from './score.ts';

/** A class at a glance, for its instructor: one page that needs nothing else, and leads to the students' own. */
export function classHtml(result: ClassResult, { folderOf }: ClassReportOptions = {}): string {
  const results = result.results.map((one) => shownTo(one, 'instructor'));
  // Links are made of names as they are, not as they are shown.
  const links = new Map(
    results.map((one, index) => {
      const original = result.results[index];
      return [one, original === undefined ? undefined : pageOf(folderOf?.(original) ?? original.student)];
    }),
  );
  const title = boundedPrintable(result.title);
  const student = (one: GradeResult): Markup => {
    const to = links.get(one);
    return to === undefined ? markup`${one.student}` : markup`<a href="${to}">${one.student}</a>`;
  };
  const passMark = results[0]?.summary.passMark ?? 0;
  return page(
    `Class: ${title}`,
    markup`<h1>${title}</h1>
<p class="soft">Exercise <code>${boundedPrintable(result.exercise)}</code>, started ${boundedPrintable(result.startedAt)}, ${minutes(result.durationMs)} with ${result.jobs} at a time</p>
${figures(results)}
<h2>Scores</h2>
${histogramSvg(histogram(results), Math.min(100, passMark))}
${checks(results)}
${groups(results, student)}
${students(results, student)}`,
  );
}

function minutes(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function figures(results: readonly GradeResult[]): Markup {
  const middle = median(results);
  const count = (test: (one: GradeResult) => boolean): number => results.filter(test).length;
  const rows: [string, string | number][] = [
    ['submissions', results.length],
    ['passed', scored(results).filter(({ summary }) => summary.passed).length],
    ['median score', middle === undefined ? '–' : `${points(middle)} %`],
    ['refused', count(({ outcome }) => outcome === 'refused')],
    ['not measured', count(({ outcome }) => outcome === 'not-measured')],
  ];
  return markup`<ul class="figures">${rows.map(([name, value]) => markup`<li><strong>${value}</strong> ${name}</li>`)}</ul>`;
}

function checks(results: readonly GradeResult[]): Markup {
  const rows = checkFigures(results).map(
    ({ id, title, failed, blocked, of }) => markup`<tr><td>${title}<br><code class="soft">${id}</code></td>
<td class="number">${failed} of ${of}</td><td class="number">${blocked}</td></tr>
`,
  );
  if (rows.length === 0) return markup``;
  return markup`<h2>Which checks fail</h2>
<div class="scroll"><table><caption>The check that most submissions fail comes first</caption>
<thead><tr><th scope="col">check</th><th scope="col" class="number">failed</th><th scope="col" class="number">blocked</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function groups(results: readonly GradeResult[], student: (one: GradeResult) => Markup): Markup {
  const all = alike(results);
  if (all.length === 0) return markup``;
  const sections = all.map(
    ({ failed, results: same }) => markup`<section class="check">
<header><h3>${same.length} submissions fail ${failed.length === 1 ? 'one check' : `${failed.length} checks`}</h3></header>
<ul>${failed.map(({ title, id }) => markup`<li>${title} <code class="soft">${id}</code></li>`)}</ul>
<p>${same.map((one, index) => markup`${index === 0 ? '' : ', '}${student(one)}`)}</p>
</section>
`,
  );
  return markup`<h2>Submissions that fail alike</h2>
${sections}`;
}

function students(results: readonly GradeResult[], student: (one: GradeResult) => Markup): Markup {
  const rows = results.map(
    (
      one,
    ) => markup`<tr class="${one.outcome === 'not-measured' ? 'held' : one.summary.passed ? 'good' : 'bad'}"><th scope="row">${student(one)}</th>
<td class="sign">${verdict(one)}</td><td class="number">${score(one)}</td><td>${said(one)}</td></tr>
`,
  );
  return markup`<h2>Students</h2>
<div class="scroll"><table><caption>In the order in which they were given</caption>
<thead><tr><th scope="col">student</th><th scope="col">verdict</th><th scope="col" class="number">score</th><th scope="col">checks</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function verdict({ outcome, summary }: GradeResult): string {
  if (outcome === 'not-measured') return '? not measured';
  if (outcome === 'refused') return '✘ refused';
  return summary.passed ? '✔ passed' : '✘ not passed';
}

function score({ outcome, summary }: GradeResult): string {
  return outcome === 'not-measured' ? '–' : `${points(summary.points)} of ${points(summary.of)} (${summary.percent} %)`;
}

function said({ outcome, refusals, checks: all }: GradeResult): string {
  if (outcome !== 'refused') return countsOf(all);
  return [...new Set(refusals.map(({ code }) => code))].join(', ');
}
