import { markup, type Markup } from '../markup.ts';
import type { Bar } from './class-figures.ts';

const width = 704;
const height = 220;
const floor = 170;
const left = 8;
const step = (width - 2 * left) / 11;

/** Bars with their counts above and their percents below. */
export function histogramSvg(bars: readonly Bar[], passMark: number): Markup {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const drawn = bars.map(({ from, to, count }, index) => {
    const tall = Math.round((count / most) * (floor - 34));
    const x = Math.round(left + index * step);
    const middle = Math.round(x + step / 2);
    return markup`<rect class="bar" x="${x + 4}" y="${floor - tall}" width="${Math.round(step) - 8}" height="${tall}"></rect>
${count === 0 ? '' : markup`<text x="${middle}" y="${floor - tall - 6}" text-anchor="middle">${count}</text>`}
<text class="soft" x="${middle}" y="${floor + 18}" text-anchor="middle">${from === to ? `${from}` : `${from}–${to}`}</text>
`;
  });
  const pass = Math.round(left + (passMark / 10) * step);
  const said = bars
    .filter(({ count }) => count > 0)
    .map(({ from, to, count }) => `${from === to ? from : `${from} to ${to}`} percent: ${count}`);
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="histogram-title">
<title id="histogram-title">How many submissions have which score. ${said.join('; ')}. The pass mark is ${passMark} percent.</title>
${drawn}<line class="axis" x1="${left}" y1="${floor}" x2="${width - left}" y2="${floor}"></line>
<line class="mark" x1="${pass}" y1="8" x2="${pass}" y2="${floor}"></line>
<text class="soft" x="${pass > width - 140 ? pass - 6 : pass + 6}" y="18" text-anchor="${pass > width - 140 ? 'end' : 'start'}">pass mark ${passMark} %</text>
<text class="soft" x="${width / 2}" y="${floor + 42}" text-anchor="middle">score in percent</text>
</svg>`;
}
