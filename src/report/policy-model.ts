import { matrixOf, startName, type MatrixRow } from '../checks/firewalls/matrix.ts';
import { placeNamed } from '../plan/places.ts';
import type { Plan } from '../plan/types.ts';

/** What stands where a start meets a port. */
export interface PolicyCell {
  expected: MatrixRow['expected'] | 'itself';
  flow?: string;
}

/** The policy as a table: who may start a conversation, with which port of which service. */
export interface PolicyTable {
  starts: string[];
  targets: { service: string; zone: string; port: number }[];
  /** By start, then by target. */
  cells: PolicyCell[][];
  /** In the order of `lab.yml`. */
  flows: { name: string; about: string }[];
}

/** The matrix that the checks try, with what is offered alone: idle ports, UDP and IPv6 are denied everywhere. */
export function policyTable(plan: Plan): PolicyTable {
  const order = plan.zones.map(({ name }) => name);
  const rows = matrixOf(plan).filter(
    ({ protocol, family, port }) => protocol === 'tcp' && family === 'IPv4' && port !== 22,
  );
  const targets = [...new Map(rows.map((row) => [`${row.service}:${row.port}`, row])).values()]
    .map(({ service, port }) => ({
      service,
      port,
      zone: placeNamed(plan, service)?.zone ?? '',
    }))
    .sort(
      (one, other) =>
        order.indexOf(one.zone) - order.indexOf(other.zone) ||
        one.service.localeCompare(other.service) ||
        one.port - other.port,
    );
  const found = new Map(rows.map((row) => [`${startName(row.from)} ${row.service}:${row.port}`, row]));
  const measured = [...new Set(rows.map(({ from }) => startName(from)))];
  const host = targets.map(({ service, port }): PolicyCell => {
    const flow = plan.policy.find(
      ({ from, to }) =>
        to.service === service &&
        to.port === port &&
        (from.kind === 'host' || (from.kind === 'zone' && from.zone === 'edge')),
    );
    return flow === undefined ? { expected: 'denied' } : { expected: 'allowed', flow: flow.flow };
  });
  const cells = measured.map((start) =>
    targets.map(({ service, port }): PolicyCell => {
      const row = found.get(`${start} ${service}:${port}`);
      if (row === undefined) return { expected: 'itself' };
      return { expected: row.expected, ...(row.flow === undefined ? {} : { flow: row.flow }) };
    }),
  );
  const flows = Object.entries(plan.lab.flows).map(([name, { about = '' }]) => ({ name, about }));
  return { starts: ['this machine', ...measured], targets, cells: [host, ...cells], flows };
}

/** The letter that stands for a flow in the table. */
export function flowLetter({ flows }: PolicyTable, flow: string): string {
  const index = flows.findIndex(({ name }) => name === flow);
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}
