import type { Plan, ServicePlan } from '../plan/types.ts';
import { conversations } from './diagram-model.ts';

/** A Mermaid flowchart: zones as boxes, firewalls between them, the site's own conversations as arrows. */
export function mermaidDiagram(plan: Plan): string {
  const zones = plan.zones.filter(({ name }) => name !== 'edge' && name !== 'core');
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
    '  classDef firewall fill:#fde4d8,stroke:#c2410c,color:#431407',
    `  class ${firewalls.map(({ name }) => id(name)).join(',')} firewall`,
  ];
  return `${lines.join('\n')}\n`;
}

function node({ name, kind, address }: ServicePlan): string {
  const text = `"${name}<br/>${address}"`;
  return kind === 'database' ? `${id(name)}[(${text})]` : `${id(name)}[${text}]`;
}

function edges(plan: Plan): string[] {
  const edge = plan.zones.find(({ name }) => name === 'edge');
  const others = new Set(
    plan.zones.filter(({ name }) => name !== 'edge' && name !== 'core').map(({ router }) => router),
  );
  return [
    ...(edge === undefined ? [] : [`  host -->|edge| ${id(edge.router)}`]),
    ...[...others]
      .filter((router) => router !== edge?.router)
      .map((router) => `  ${id(edge?.router ?? '')} ---|core| ${id(router)}`),
    ...plan.zones
      .filter(({ name }) => name !== 'edge' && name !== 'core')
      .map(({ name, router }) => `  ${id(router)} --- ${id(`zone ${name}`)}`),
    ...conversations(plan).map(({ from, to, ports }) => `  ${id(from)} -.->|${ports.join(', ')}| ${id(to)}`),
  ];
}

/** Mermaid takes hyphens in ids for arrows. */
function id(name: string): string {
  return name.replaceAll(/[^a-z0-9]/g, '_');
}
