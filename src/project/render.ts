import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { installation } from '../installation.ts';
import { dashboardTemplate, type Page } from '../plan/dashboards/page.ts';
import type { FilePlan } from '../plan/types.ts';

const handlebars = Handlebars.create();
handlebars.registerHelper('json', (value: unknown) => JSON.stringify(value));

const compiled = new Map<string, HandlebarsTemplateDelegate>();

/**
 * Renders a template below `templates/`, for example `balancer/haproxy.cfg.hbs`. A name that the data
 * lacks is a defect and throws; nothing is escaped, since none of the files is HTML.
 */
export function renderTemplate(template: string, data: object): string {
  let fill = compiled.get(template);
  if (fill === undefined) {
    const source = readFileSync(join(installation.templates, template), 'utf8');
    fill = handlebars.compile(source, { strict: true, noEscape: true });
    compiled.set(template, fill);
  }
  return fill(data);
}

/**
 * What a planned file holds. Grafana's library is loaded where there is a dashboard to write: that takes longer than
 * all the templates.
 */
export async function render({ template, data }: FilePlan): Promise<string> {
  if (template !== dashboardTemplate) return renderTemplate(template, data);
  const { dashboardJson } = await import('./dashboards/dashboard.ts');
  return dashboardJson(data as Page);
}
