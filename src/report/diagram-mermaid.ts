import type { Plan, ServicePlan } from '../plan/types.ts';
import { conversations, drawnZones } from './diagram-model.ts';

/** A Mermaid flowchart: zones as boxes, firewalls between them, the site's own conversations as arrows. */
export function mermaidDiagram(plan: Plan): string {
  const zones = drawnZones(plan);
  const firewalls = plan.services.filter(({ kind }) => kind === 'firewall');
  const endpoints = plan.endpoints.map(({ service, port, hostPort }) => `127.0.0.1:${hostPort} → ${service}:${port}`);
  const lines = [
    'flowchart TB',
    `  host(["this machine<br/>${endpoints.join('<br/>')}"])`,
    ...firewalls.map(({ name }) => `  ${id(name)}{{"${name}"}}`),
    ...zones.flatMap(({ name, subnet }) => [
      `  subgraph ${id(`zone ${name}`)}["${name} · ${subnet}"]`,
      ...plan.services
        .filter((service) => service.zone === name && service.kind !== 'firewall')
        .map((service) => `    ${node(service)}`),
      '  end',
    ]),
    ...edges(plan),
    ...(firewalls.length === 0
      ? []
      : [
          '  classDef firewall fill:#fde4d8,stroke:#c2410c,color:#431407',
          `  class ${firewalls.map(({ name }) => id(name)).join(',')} firewall`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

function node({ name, kind, address }: ServicePlan): string {
  const text = `"${name}<br/>${address}"`;
  return kind === 'database' ? `${id(name)}[(${text})]` : `${id(name)}[${text}]`;
}

function edges(plan: Plan): string[] {
  const front = plan.zones.find(({ name }) => name === 'edge')?.router;
  const routed = drawnZones(plan).flatMap(({ name, router }) => (router === undefined ? [] : [{ name, router }]));
  const others = new Set(routed.map(({ router }) => router));
  return [
    ...(front === undefined ? published(plan) : [`  host -->|edge| ${id(front)}`]),
    ...[...others].filter((router) => router !== front).map((router) => `  ${id(front ?? '')} ---|core| ${id(router)}`),
    ...routed.map(({ name, router }) => `  ${id(router)} --- ${id(`zone ${name}`)}`),
    ...conversations(plan).map(({ from, to, ports }) => `  ${id(from)} -.->|${ports.join(', ')}| ${id(to)}`),
  ];
}

/** Without a firewall at the edge this machine leads to the services themselves. */
function published(plan: Plan): string[] {
  const ports = new Map<string, number[]>();
  for (const { service, port } of plan.endpoints) ports.set(service, [...(ports.get(service) ?? []), port]);
  return [...ports].map(([service, list]) => `  host -->|${list.join(', ')}| ${id(service)}`);
}

/** Mermaid takes hyphens in ids for arrows. */
function id(name: string): string {
  return name.replaceAll(/[^a-z0-9]/g, '_');
}
