import { stackOf } from '../plan/stacks.ts';
import { isSecure } from '../plan/site.ts';
import type { Plan, ServicePlan } from '../plan/types.ts';
import type { Box, Layout, PlacedLink, PlacedService, PlacedZone } from './diagram-layout.ts';
import { entranceText, layOut } from './diagram-layout.ts';
import { entrances } from './diagram-model.ts';
import { escaped, label, rectangle, round, svgStyle } from './svg.ts';

/** A drawing of the plan that needs nothing from elsewhere, and follows the reader's light or dark scheme. */
export function svgDiagram(plan: Plan): string {
  const layout = layOut(plan);
  const size = `width="${round(layout.width)}" height="${round(layout.height)}" viewBox="0 0 ${round(layout.width)} ${round(layout.height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title about">`,
    `<title id="title">${escaped(plan.lab.title)}</title>`,
    `<desc id="about">Zones, firewalls and services of the lab ${escaped(plan.lab.name)}, and what its policy lets through.</desc>`,
    `<style>${svgStyle}</style>`,
    marker,
    rectangle({ x: 0.5, y: 0.5, width: layout.width - 1, height: layout.height - 1 }, 'page', 14),
    label(28, 36, 'heading', plan.lab.title),
    label(
      layout.width - 28,
      36,
      'about end',
      layout.firewalls.length === 0
        ? 'one network without a firewall: everybody reaches everything'
        : 'in blue: the ports that the policy lets in; all else is dropped',
    ),
    ...layout.links.map(link),
    ...host(plan, layout),
    ...(layout.core === undefined ? [] : core(plan, layout.core)),
    ...layout.firewalls.flatMap((placed) => firewall(plan, placed)),
    ...layout.zones.flatMap((placed) => zone(plan, placed)),
    '</svg>',
    '',
  ].join('\n');
}

function host(plan: Plan, { host: box }: Layout): string[] {
  const site = plan.endpoints.filter(({ port }) => port === 443 || port === 80);
  const operators = plan.endpoints.filter(({ port }) => port !== 443 && port !== 80);
  const shown = (endpoints: Plan['endpoints']): string =>
    endpoints.map(({ name, hostPort }) => `${name} ${hostPort}`).join('   ');
  return [
    rectangle(box, 'host', 12),
    label(box.x + 16, box.y + 26, 'name', `Visitors of ${plan.lab.site.domain}`),
    label(box.x + box.width - 16, box.y + 26, 'address end', 'published on 127.0.0.1'),
    label(box.x + 16, box.y + 50, 'small', 'site'),
    label(box.x + 84, box.y + 50, 'address', shown(site)),
    ...(operators.length === 0
      ? []
      : [
          label(box.x + 16, box.y + 72, 'small', 'operators'),
          label(box.x + 84, box.y + 72, 'address', shown(operators)),
        ]),
  ];
}

function core(plan: Plan, box: Box): string[] {
  const zonePlan = plan.zones.find(({ name }) => name === 'core');
  const [entrance] = entrances(plan, 'core');
  return [
    rectangle(box, 'core', 10),
    label(box.x + 16, box.y + 25, 'zone-name', 'core'),
    label(box.x + 62, box.y + 25, 'address', zonePlan?.subnet ?? ''),
    ...(entrance === undefined ? [] : [lets(box.x + box.width - 16, box.y + 25, 'end', entranceText(entrance))]),
  ];
}

function firewall(plan: Plan, { service, ...box }: PlacedService): string[] {
  const zones = plan.zones
    .filter(({ router, name }) => router === service.name && name !== 'core')
    .map(({ name }) => name);
  return [
    rectangle(box, 'firewall', 8),
    // Three courses of bricks.
    `<path class="bricks" d="${bricks(box)}"/>`,
    label(box.x + 52, box.y + 28, 'name', service.name),
    label(box.x + 52, box.y + 47, 'small', `guards ${zones.join(', ')}`),
  ];
}

function bricks({ x, y, height }: Box): string {
  const left = x + 14;
  const top = y + (height - 27) / 2;
  const row = (index: number, ...cuts: number[]): string =>
    `M${round(left)} ${round(top + index * 9)}h28v9h-28z${cuts.map((cut) => `M${round(left + cut)} ${round(top + index * 9)}v9`).join('')}`;
  return row(0, 9, 19) + row(1, 14) + row(2, 9, 19);
}

function zone(plan: Plan, { zone: { name, subnet }, services, entrances: lines, ...box }: PlacedZone): string[] {
  return [
    rectangle(box, 'zone', 12),
    label(box.x + 14, box.y + 22, 'zone-name', name),
    label(box.x + box.width - 14, box.y + 22, 'address end', subnet),
    ...services.flatMap((placed) => server(plan, placed)),
    ...lines.map(({ entrance, x, y }) => lets(x, y, '', entranceText(entrance))),
  ];
}

function server(plan: Plan, { service, ...box }: PlacedService): string[] {
  return [
    rectangle(box, 'card', 8),
    rectangle({ ...box, width: 4 }, `accent ${service.kind}`, 2),
    label(box.x + 14, box.y + 20, 'name', service.name),
    label(box.x + 14, box.y + 37, 'small', described(plan, service)),
    label(box.x + 14, box.y + 53, 'address', service.address),
  ];
}

function described(plan: Plan, { kind, name }: ServicePlan): string {
  const service = plan.lab.services[name];
  if (service?.kind === 'database') return databases[service.role];
  if (service?.kind === 'web') return `${stackOf(plan.lab, name).front}, application`;
  if (kind === 'balancer' && !isSecure(plan.lab)) return 'HAProxy';
  return { ...words, database: '', web: '' }[kind];
}

const databases = { primary: 'MySQL, writes', replica: 'MySQL, reads', member: 'MySQL, in a group' };

const words = {
  server: 'Nginx, app, MySQL',
  firewall: 'firewall',
  balancer: 'HAProxy, ends TLS',
  prometheus: 'metrics, alerts',
  alertmanager: 'routes alerts',
  grafana: 'dashboards',
  inbox: 'alert mail',
  prober: 'watches the site',
};

function link({ from, to, label: words }: PlacedLink): string {
  const line = `<path class="link" marker-end="url(#arrow)" marker-start="url(#arrow)" d="M${from.map(round).join(' ')}L${to.map(round).join(' ')}"/>`;
  if (words === undefined) return line;
  const y = (from[1] + to[1]) / 2 + 4;
  return `${line}\n${label(from[0] - 12, y, 'zone-name end', 'edge')}\n${label(from[0] + 12, y, 'address', words)}`;
}

function lets(x: number, y: number, more: string, { from, ports }: { from: string; ports: string }): string {
  return `<text class="lets ${more}" x="${round(x)}" y="${round(y)}"><tspan class="ports">${escaped(ports)}</tspan> ← ${escaped(from)}</text>`;
}

const marker =
  '<defs><marker id="arrow" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7"><circle class="joint" cx="4" cy="4" r="2.6"/></marker></defs>';
