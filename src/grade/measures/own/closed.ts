import * as z from 'zod';
import type { OwnProject } from '../../compose/plan.ts';
import { rolesOf, zoneNames, type ZoneName } from '../../compose/roles.ts';
import { doorsOf } from '../../stage/own-door.ts';
import { defineMeasure, type MeasureContext, type Seen } from '../measure.ts';
import { addressesOf, ownOf } from './own.ts';

/** Where something of the lab listens, or is often left listening. */
const knownPorts = [22, 80, 443, 3000, 3306, 8404, 9090, 9100, 9104, 9113, 9464, 33060];
const zone = z.enum(zoneNames);

interface Target {
  service: string;
  address: string;
  port: number;
}

/** A stranger in a zone reaches nothing of the other zones but what is meant for everybody. */
export const closed = defineMeasure({
  options: z.strictObject({ from: zone }),
  run: async (context, { from }) => {
    const own = ownOf(context);
    const random = Array.from(
      { length: 2 },
      (_, index) => 1024 + (parseInt(context.fresh(`port/${index}`).slice(0, 6), 16) % 60_000),
    );
    const doors = doorsOf(own);
    const databases = [own.roles['db-primary'], own.roles['db-replica']];
    const targets = rolesOf(own.roles).flatMap(({ service }) =>
      elsewhere(own, service, from).flatMap((address) =>
        [...knownPorts, ...random]
          .filter((port) => !(doors.includes(address) && [80, 443].includes(port)))
          // The databases' own port is another check's matter.
          .filter((port) => !(databases.includes(service) && port === 3306))
          .map((port) => ({ service, address, port })),
      ),
    );
    return knocked(context, [[from, targets]]);
  },
});

/** Only the servers' zone reaches the databases. */
export const databasesClosed = defineMeasure({
  options: z.strictObject({ from: z.array(zone).default(['edge', 'dmz', 'ops']) }),
  run: (context, { from }) => {
    const own = ownOf(context);
    const databases = [own.roles['db-primary'], own.roles['db-replica']].filter((name) => name !== undefined);
    if (databases.length === 0) return Promise.resolve({ good: false, observed: 'lab-roles.yml names no database' });
    const zones = from.filter((name) => own.zones.some((one) => one.name === name));
    return knocked(
      context,
      zones.map((name) => [
        name,
        databases.flatMap((service) => addressesOf(own, service).map((address) => ({ service, address, port: 3306 }))),
      ]),
    );
  },
});

/** A service's addresses outside a zone; the one in it is a neighbour's. An edge has visitors only: there every address counts. */
function elsewhere(own: OwnProject, service: string, from: ZoneName): string[] {
  const stations = Object.entries(own.addresses[service] ?? {});
  return stations.filter(([name]) => name !== from || from === 'edge').map(([, address]) => address);
}

async function knocked(
  context: MeasureContext,
  tries: readonly (readonly [ZoneName, readonly Target[]])[],
): Promise<Seen> {
  const count = tries.reduce((sum, [, targets]) => sum + targets.length, 0);
  const found = tries.map(async ([from, targets]) => {
    const stranger = context.lab.vantages.from({ zone: from });
    const outcomes = await stranger.tcpMany(
      targets.map(({ address, port }) => ({ address, port, timeoutMs: 1200 })),
      256,
    );
    return targets.flatMap(({ service, address, port }, index) => {
      const state = outcomes[index]?.state;
      if (state !== 'open' && state !== 'closed') return [];
      return [`from ${from}: ${service} (${address}) port ${port} ${state === 'open' ? 'is open' : 'answers'}`];
    });
  });
  const open = (await Promise.all(found)).flat();
  return {
    good: open.length === 0,
    observed:
      open.length === 0
        ? `none of ${count} ports answers`
        : `${open.length} of ${count} ports answer: ${open.slice(0, 4).join('; ')}`,
    evidence: open,
  };
}
