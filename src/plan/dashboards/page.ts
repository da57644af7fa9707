import {
  CustomVariableBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { note } from './panels/note.ts';
import type { Part } from './panels/part.ts';

/** A dashboard as it is provisioned. */
export interface Page {
  uid: string;
  title: string;
  dashboard: Dashboard;
}

/** A heading and what is below it, line by line; the parts of a line share its width. What a lab does not have is left empty. */
export interface Section {
  title: string;
  lines: readonly (readonly Part[])[];
}

/** A choice at the top of the page, of some services or all of them: `instance=~"$name"`. */
export interface Choice {
  name: string;
  of: readonly string[];
}

export interface PageInput {
  /** Last part of its identity and address. */
  name: string;
  title: string;
  /** The question that it answers. */
  question: string;
  /** What to look for, in Markdown. */
  look: string;
  choice?: Choice;
  sections: readonly Section[];
}

/** All pages carry it, and each leads to the others by it. */
const tag = 'lab';

/** Puts a dashboard together. The same input gives the same bytes. */
export function page({ name, title, question, look, choice, sections }: PageInput): Page {
  const uid = `lab-${name}`;
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(question)
    .tags([tag])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .link(new DashboardLinkBuilder('Other dashboards').type(DashboardLinkType.Dashboards).tags([tag]).keepTime(true));
  if (choice !== undefined) builder.withVariable(variable(choice));
  lay(builder, [{ title: '', lines: [[note(`**${question}** ${look}`)]] }, ...sections]);
  // Grafana takes plain data, and so does the plan; the builders leave functions in it.
  return { uid, title, dashboard: JSON.parse(JSON.stringify(builder.build())) as Dashboard };
}

/** Grafana's grid is 24 wide. */
const wide = 24;

function lay(builder: DashboardBuilder, sections: readonly Section[]): void {
  let id = 0;
  let y = 0;
  for (const { title, lines } of sections) {
    const full = lines.filter((line) => line.length > 0);
    if (full.length === 0) continue;
    if (title !== '') builder.withRow(new RowBuilder(title).id(++id).gridPos({ x: 0, y: y++, w: wide, h: 1 }));
    for (const line of full) {
      const h = Math.max(...line.map(({ height }) => height));
      const share = Math.floor(wide / line.length);
      line.forEach(({ panel }, index) => {
        const last = index === line.length - 1;
        const gridPos = { x: index * share, y, w: last ? wide - index * share : share, h };
        builder.withPanel({ build: () => ({ ...panel.build(), id: ++id, gridPos }) });
      });
      y += h;
    }
  }
}

function variable({ name, of }: Choice): CustomVariableBuilder {
  const everything = { text: 'All', value: '$__all' };
  return new CustomVariableBuilder(name)
    .label(name)
    .values(of.join(','))
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: [everything.text], value: [everything.value] })
    .options([
      { selected: true, ...everything },
      ...of.map((service) => ({ selected: false, text: service, value: service })),
    ]);
}
