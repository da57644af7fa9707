import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { installation } from '../installation.ts';

const handlebars = Handlebars.create();
handlebars.registerHelper('json', (value: unknown) => JSON.stringify(value));

const compiled = new Map<string, HandlebarsTemplateDelegate>();

/**
 * Renders a template below `templates/`, for example `balancer/haproxy.cfg.hbs`. A name that the data
 * lacks is a defect and throws; nothing is escaped, since none of the files is HTML. A file there that
 * does not end in `.hbs` is taken as it is.
 */
export function renderTemplate(template: string, data: object): string {
  let render = compiled.get(template);
  if (render === undefined) {
    const source = readFileSync(join(installation.templates, template), 'utf8');
    render = template.endsWith('.hbs') ? handlebars.compile(source, { strict: true, noEscape: true }) : () => source;
    compiled.set(template, render);
  }
  return render(data);
}
