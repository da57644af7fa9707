import type { Plan } from '../plan/types.ts';
import { flowLetter, policyTable, type PolicyCell, type PolicyTable } from './policy-model.ts';
import { escaped, label, rectangle, svgStyle } from './svg.ts';

const cell = 24;
const margin = 28;
const rowHead = 180;
const columnHead = 150;
const titleHeight = 66;
const legendLine = 22;
/** The last column’s name leans out of the table. */
const overhang = 80;

/** The policy as a table: a letter where a flow allows a conversation. It needs nothing from elsewhere, as the other drawing. */
export function svgPolicy(plan: Plan): string {
  const table = policyTable(plan);
  const left = margin + rowHead;
  const top = titleHeight + columnHead;
  const bottom = top + table.starts.length * cell;
  const width = Math.max(left + table.targets.length * cell + overhang, 900);
  const height = bottom + 50 + table.flows.length * legendLine + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title about">`,
    `<title id="title">${escaped(`Policy of ${plan.lab.title}`)}</title>`,
    `<desc id="about">Who may open a connection to which port of which service, and the flow that allows it.</desc>`,
    `<style>${svgStyle}${style}</style>`,
    rectangle({ x: 0.5, y: 0.5, width: width - 1, height: height - 1 }, 'page', 14),
    label(margin, 36, 'heading', `Policy: ${plan.lab.title}`),
    label(
      margin,
      56,
      'about',
      'Rows start a conversation, columns are asked. A letter: the flow that allows it. Pale: denied. Dotted: neighbours, no firewall between.',
    ),
    ...columns(table, left, top, bottom),
    ...table.starts.map((start, index) => label(left - 10, top + index * cell + 16, 'row end', start)),
    ...table.cells.flatMap((row, y) => row.map((one, x) => square(table, one, left + x * cell, top + y * cell))),
    ...table.flows.flatMap(({ name, about }, index) => {
      const y = bottom + 44 + index * legendLine;
      return [
        rectangle({ x: margin, y: y - 14, width: 20, height: 20 }, 'allowed', 4),
        label(margin + 10, y, 'letter', flowLetter(table, name)),
        label(margin + 32, y, 'name', name),
        label(margin + rowHead, y, 'small', about),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** Ports stand upright over their columns, services over their ports. */
function columns({ targets }: PolicyTable, left: number, top: number, bottom: number): string[] {
  return targets.flatMap(({ service, port }, index) => {
    const x = left + index * cell;
    const first = targets[index - 1]?.service !== service;
    const text = `<text class="column" transform="translate(${x + 16} ${top - 8}) rotate(-60)">${escaped(`${service}:${port}`)}</text>`;
    return first ? [`<path class="rule" d="M${x} ${top - 4}V${bottom}"/>`, text] : [text];
  });
}

function square(table: PolicyTable, { expected, flow }: PolicyCell, x: number, y: number): string {
  const box = rectangle({ x: x + 2, y: y + 2, width: cell - 4, height: cell - 4 }, expected, 4);
  return flow === undefined ? box : `${box}${label(x + cell / 2, y + 16, 'letter', flowLetter(table, flow))}`;
}

const style = `
.row { font-size: 12.5px }
.column { font-size: 11.5px; fill: var(--dim) }
.rule { stroke: var(--line); fill: none }
.allowed { fill: var(--ports) }
.letter { font-size: 12px; font-weight: 700; text-anchor: middle; fill: var(--page) }
.denied { fill: var(--zone) }
.no-firewall-between { fill: none; stroke: var(--link); stroke-dasharray: 2 3 }
.itself { fill: none }
`;
