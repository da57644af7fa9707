import {
  CustomVariableBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Choice, Page } from '../../plan/dashboards/page.ts';
import { layout } from './layout.ts';

/** All dashboards carry it, and each leads to the others by it. */
const tag = 'lab';

/** A page in Grafana's words, as JSON. The same page gives the same bytes. */
export function dashboardJson({ uid, title, question, look, choice, sections }: Page): string {
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
  const dashboard = { ...builder.build(), panels: layout(`**${question}** ${look}`, sections) };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
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
