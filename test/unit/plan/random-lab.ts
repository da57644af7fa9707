import fc from 'fast-check';
import { problemsOf } from '../../../src/lab/consistency.ts';
import type { Lab } from '../../../src/lab/schema.ts';
import { labSchema } from '../../../src/lab/schema.ts';

/** Labs of every shape that the schema and the consistency rules let through, with flows between all sorts of ends. */
export const randomLab: fc.Arbitrary<Lab> = fc
  .record({
    firewalls: fc.integer({ min: 1, max: 4 }),
    routers: fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }),
    edgeLast: fc.boolean(),
    homes: fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }),
    flows: fc.array(fc.record({ from: fc.nat(40), to: fc.nat(40), port: fc.constantFrom(22, 80, 443, 3306, 9100) }), {
      maxLength: 12,
    }),
  })
  .map(({ firewalls, routers, edgeLast, homes, flows }) => {
    const routerOf = (index: number): string => `fw${index % firewalls}`;
    const inner = Object.fromEntries(routers.map((router, index) => [`zone${index}`, { router: routerOf(router) }]));
    const outer = { edge: { router: 'fw0' }, core: { router: 'fw0' } };
    const zones = edgeLast ? { ...inner, ...outer } : { ...outer, ...inner };
    const living = homes.map((home) => `zone${home % routers.length}`);
    const fitting = living.filter(
      (zone, index) => living.slice(0, index).filter((other) => other === zone).length < 12,
    );
    const services = {
      ...Object.fromEntries(Array.from({ length: firewalls }, (_, index) => [`fw${index}`, { kind: 'firewall' }])),
      ...Object.fromEntries(fitting.map((zone, index) => [`service${index}`, { kind: 'prober', zone }])),
    };
    const draft = { name: 'random', title: 'Random', site: { domain: 'www.foobar.com' }, zones, services, flows: {} };
    const sources = ['host', ...Object.keys(zones), ...Object.keys(services)];
    const targets = Object.keys(services);
    const wanted = flows.map(({ from, to, port }, index) => [
      `flow${index}`,
      { from: [sources[from % sources.length]], to: [`${targets[to % targets.length]}:${port}`] },
    ]);
    const lab = labSchema.parse({ ...draft, flows: Object.fromEntries(wanted) });
    const refused = new Set(problemsOf(lab).map(({ path }) => path[1]));
    return { ...lab, flows: Object.fromEntries(Object.entries(lab.flows).filter(([name]) => !refused.has(name))) };
  })
  .filter((lab) => problemsOf(lab).length === 0);

/** Any /24. */
export const randomBlock = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => `${octets.join('.')}.0/24`);
