import type { Page } from '../../src/plan/dashboards/page.ts';
import { dashboardTemplate } from '../../src/plan/dashboards/page.ts';
import type { Plan } from '../../src/plan/types.ts';
import { render } from '../../src/project/render.ts';

export interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
  instant?: boolean;
  range?: boolean;
  format?: string;
  datasource: { type: string; uid: string };
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
  fieldConfig?: { defaults: { unit?: string; thresholds?: { steps: { value: number | null; color: string }[] } } };
  options?: { content?: string };
}

/** What is read of a dashboard's JSON. */
export interface Dashboard {
  uid: string;
  title: string;
  tags: string[];
  editable: boolean;
  schemaVersion: number;
  refresh: string;
  links: { type: string; tags: string[] }[];
  templating: { list?: { name: string; type: string; query: string; options: { value: string }[] }[] };
  panels: Panel[];
}

export interface Emitted {
  path: string;
  text: string;
  page: Page;
  dashboard: Dashboard;
}

/** The dashboards of a plan, as they are written. */
export async function emittedDashboards(plan: Plan): Promise<Emitted[]> {
  const files = plan.files.filter(({ template }) => template === dashboardTemplate);
  return Promise.all(
    files.map(async (file) => {
      const text = await render(file);
      return { path: file.path, text, page: file.data as Page, dashboard: JSON.parse(text) as Dashboard };
    }),
  );
}

/** A query as Grafana sends it: its macros by what they stand for in seconds, its variables by regular expressions. */
export function filled(expr: string, variables: Readonly<Record<string, string>>): string {
  const values: Record<string, string> = { __rate_interval: '10s', __range: '60s', ...variables };
  return expr.replace(/\$(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`nobody knows what $${name} is, in ${expr}`);
    return value;
  });
}

const words = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** The metrics that an expression names, those in `__name__=~"a|b"` as well. */
export function metricsIn(expr: string): string[] {
  const listed = [...expr.matchAll(/__name__=~"([^"]*)"/g)].flatMap(([, names = '']) => names.split('|'));
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const named = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g)].map(([name]) => name);
  return [...new Set([...listed, ...named.filter((name) => !words.has(name))])];
}
