import type { Plan } from '../plan/types.ts';

/** The policy as a Mermaid flowchart: an arrow for each start and service, with the flow that allows it and its ports. */
export function mermaidPolicy(plan: Plan): string {
  const arrows = new Map<string, { from: string; to: string; flow: string; ports: number[] }>();
  const starts = new Map<string, string>();
  for (const { flow, from, to } of plan.policy) {
    const name = from.kind === 'host' ? 'this machine' : from.kind === 'zone' ? `anyone in ${from.zone}` : from.service;
    if (from.kind !== 'service') starts.set(name, `  ${id(name)}(["${name}"])`);
    const key = `${name} ${to.service} ${flow}`;
    const known = arrows.get(key) ?? { from: name, to: to.service, flow, ports: [] };
    arrows.set(key, { ...known, ports: [...known.ports, to.port] });
  }
  const lines = [
    'flowchart LR',
    ...starts.values(),
    ...plan.zones.flatMap(({ name }) => {
      const members = plan.services.filter((service) => service.zone === name);
      if (members.length === 0) return [];
      return [
        `  subgraph ${id(`zone ${name}`)}["${name}"]`,
        ...members.map((service) => `    ${id(service.name)}["${service.name}"]`),
        '  end',
      ];
    }),
    ...[...arrows.values()].map(
      ({ from, to, flow, ports }) => `  ${id(from)} -->|"${flow}: ${ports.join(', ')}"| ${id(to)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Mermaid takes hyphens in ids for arrows. */
function id(name: string): string {
  return name.replaceAll(/[^a-z0-9]/g, '_');
}
