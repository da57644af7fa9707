import { describe, expect, it } from 'vitest';
import { plannedLab } from '../../../src/cli/planned-lab.ts';
import { layOut } from '../../../src/report/diagram-layout.ts';
import type { Box } from '../../../src/report/diagram-layout.ts';
import { mermaidDiagram } from '../../../src/report/diagram-mermaid.ts';
import { conversations, entrances } from '../../../src/report/diagram-model.ts';
import { mermaidPolicy } from '../../../src/report/policy-mermaid.ts';
import { flowLetter, policyTable } from '../../../src/report/policy-model.ts';
import { svgPolicy } from '../../../src/report/policy-svg.ts';
import { svgDiagram } from '../../../src/report/diagram-svg.ts';

const plan = await plannedLab('secured-monitored');

const labs = [plan, await plannedLab('distributed-web-infrastructure'), await plannedLab('simple-web-stack')];

describe('a diagram', () => {
  it.each(
    labs.flatMap((plan) => [
      [plan.lab.name, 'svg', svgDiagram, plan] as const,
      [plan.lab.name, 'mermaid', mermaidDiagram, plan] as const,
    ]),
  )('of %s as %s names every service, address and zone', (_, __, draw, plan) => {
    const text = draw(plan);
    expect(text).not.toContain('undefined');
    for (const { name, kind, address } of plan.services) {
      expect(text).toContain(name);
      if (kind !== 'firewall') expect(text).toContain(address);
    }
    for (const { name } of plan.zones) expect(text).toContain(name);
    expect(draw(structuredClone(plan))).toBe(text);
  });

  it('escapes what a lab says of itself', () => {
    const text = svgDiagram({ ...plan, lab: { ...plan.lab, title: 'A <script> & more' } });
    expect(text).not.toContain('<script>');
    expect(text).toContain('A &lt;script&gt; &amp; more');
  });

  it.each(labs.map((plan) => [plan.lab.name, plan] as const))(
    'of %s puts no box over another, and all of them on the page',
    (_, plan) => {
      const { width, height, zones, firewalls, host, core } = layOut(plan);
      const boxes: Box[] = [host, ...(core === undefined ? [] : [core]), ...zones, ...firewalls];
      for (const group of [boxes, ...zones.map(({ services }) => services)]) {
        for (const [index, box] of group.entries()) {
          expect(group.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
          expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
        }
      }
    },
  );

  it('shows the way of a request, not that of the monitoring', () => {
    const pairs = conversations(plan).map(({ from, to }) => `${from} ${to}`);
    expect(pairs).toContain('balancer web1');
    expect(pairs).toContain('web1 db-primary');
    expect(pairs.some((pair) => pair.startsWith('prometheus'))).toBe(false);
  });

  it('tells who may enter a zone', () => {
    expect(entrances(plan, 'data')).toContainEqual({ ports: [3306], from: ['web1', 'web2', 'web3'] });
  });
});

describe('a drawing of the policy', () => {
  it('has every flow, where it belongs', () => {
    const table = policyTable(plan);
    const at = (start: string, service: string, port: number) =>
      table.cells[table.starts.indexOf(start)]?.[
        table.targets.findIndex((one) => one.service === service && one.port === port)
      ];
    expect(at('web1', 'db-primary', 3306)).toEqual({ expected: 'allowed', flow: 'application-data' });
    expect(at('this machine', 'prometheus', 9090)).toEqual({ expected: 'allowed', flow: 'operators' });
    expect(at('a stranger in edge', 'prometheus', 9090)).toEqual({ expected: 'denied' });
    expect(at('web1', 'web2', 80)).toEqual({ expected: 'no-firewall-between' });
    expect(at('web1', 'web1', 80)).toEqual({ expected: 'itself' });
    const shown = new Set(table.cells.flat().map(({ flow }) => flow));
    for (const { name } of table.flows) expect(shown).toContain(name);
  });

  it('names flows in both formats, and stays the same', () => {
    const svg = svgPolicy(plan);
    const mermaid = mermaidPolicy(plan);
    for (const flow of Object.keys(plan.lab.flows)) {
      expect(svg).toContain(`>${flow}<`);
      expect(svg).toContain(`>${flowLetter(policyTable(plan), flow)}<`);
      expect(mermaid).toContain(`"${flow}: `);
    }
    expect(mermaid).toContain('web1 -->|"application-data: 3306"| db_primary');
    expect(svgPolicy(structuredClone(plan))).toBe(svg);
  });
});

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
