import type { GradedCheck, GradedStatus, GradeResult } from '../../grade/result.ts';
import { markup, type Markup } from '../markup.ts';
import { shownTo } from './audience.ts';
import { page } from './page.ts';
import type { GradeReportOptions } from './reporters.ts';
import { causeOf, countsOf, failedFirst, points, scoreLine, verdictLine } from './score.ts';

/** One page that needs nothing else: it can be mailed, printed and opened without a network. */
export function html(result: GradeResult, { audience }: GradeReportOptions): string {
  const shown = shownTo(result, audience);
  const [failed, others] = [
    shown.checks.filter(({ status }) => status === 'failed'),
    failedFirst(shown.checks).filter(({ status }) => status !== 'failed'),
  ];
  return page(
    `${shown.student}: ${shown.title}`,
    markup`<h1>${shown.title}</h1>
<p class="soft">Student <strong>${shown.student}</strong>, submission ${shown.submission.name}, graded ${shown.gradedAt}</p>
${score(shown)}
${shown.refusals.length === 0 ? '' : refusals(shown)}
${section('What failed', failed, shown)}
${section(failed.length === 0 ? 'Checks' : 'Everything else', others, shown)}
${list('Notes', shown.notes)}
${files(shown)}`,
  );
}

const looks: Readonly<Record<GradedStatus, { className: string; sign: string }>> = {
  passed: { className: 'good', sign: '✔ passed' },
  failed: { className: 'bad', sign: '✘ failed' },
  blocked: { className: 'held', sign: '– blocked' },
  'not-measured': { className: 'held', sign: '? not measured' },
};

function score(result: GradeResult): Markup {
  const { outcome, summary, checks } = result;
  if (outcome === 'not-measured') return markup`<p class="score held">${scoreLine(result)}</p>`;
  return markup`<p class="score ${summary.passed ? 'good' : 'bad'}"><strong>${summary.percent} %</strong> ${verdictLine(result)}<br>
<span class="soft">${points(summary.points)} of ${points(summary.of)} points; ${countsOf(checks)}</span></p>`;
}

function refusals({ refusals: all }: GradeResult): Markup {
  return markup`<h2>Refused</h2>
${all.map(
  ({
    code,
    message,
    where,
  }) => markup`<section class="check bad"><header><h3>${message}</h3><span class="sign">✘ refused</span></header>
<dl><dt>code</dt><dd><code>${code}</code></dd>${where === undefined ? '' : markup`<dt>at</dt><dd><code>${where}</code></dd>`}</dl></section>
`,
)}`;
}

function section(title: string, checks: readonly GradedCheck[], result: GradeResult): Markup {
  if (checks.length === 0) return markup``;
  return markup`<h2>${title}</h2>
${checks.map((check) => checkSection(check, result))}`;
}

function checkSection(check: GradedCheck, { checks }: GradeResult): Markup {
  const { className, sign } = looks[check.status];
  const rows = detailsOf(check, checks);
  return markup`<section class="check ${className}">
<header><h3>${check.title}</h3><span class="sign">${sign}</span><span class="number">${points(check.earned)} of ${points(check.points)}</span></header>
<p class="soft"><code>${check.id}</code>${check.hidden ? ' · hidden check' : ''}</p>
${rows.length === 0 ? '' : markup`<dl>${rows.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`}
${check.evidence.length === 0 ? '' : evidence(check)}
</section>
`;
}

function detailsOf(check: GradedCheck, checks: readonly GradedCheck[]): [string, string | Markup][] {
  if (check.status === 'blocked') return [['blocked by', causeOf(check, checks)]];
  const rows: [string, string | Markup][] = [['observed', check.observed]];
  if (check.status === 'failed') {
    rows.unshift(['expected', check.expected]);
    if (check.reproduce !== '') rows.push(['see it at home', markup`<pre>${check.reproduce}</pre>`]);
    if (check.hint !== '') rows.push(['hint', check.hint]);
  }
  return rows.filter(([, text]) => text !== '');
}

function evidence({ evidence: lines, title }: GradedCheck): Markup {
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
  return markup`<details><summary aria-label="Evidence for: ${title}">Evidence, ${count}</summary><pre>${lines.join('\n')}</pre></details>`;
}

function list(title: string, lines: readonly string[]): Markup {
  if (lines.length === 0) return markup``;
  return markup`<h2>${title}</h2>
<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}

function files({ submission, run }: GradeResult): Markup {
  const rows = submission.files
    .slice(0, 200)
    .map(({ path, bytes }) => markup`<tr><td><code>${path}</code></td><td class="number">${bytes} bytes</td></tr>`);
  return markup`<h2>What was graded</h2>
<table><caption>Digest <code>${submission.digest}</code>, run <code>${run}</code></caption>
<thead><tr><th scope="col">file</th><th scope="col" class="number">size</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}
