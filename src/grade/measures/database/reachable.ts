import * as z from 'zod';
import { defineMeasure } from '../measure.ts';

/** The account for replication logs in over the network, from where the replica is. */
export const reachable = defineMeasure({
  options: z.strictObject({ service: z.string() }),
  run: async (context, { service }) => {
    const { lab } = context;
    const { address, zone } = lab.service(service);
    const [password, ca] = await Promise.all([lab.secret(service, 'mysql-replicator'), lab.ca()]);
    const [outcome] = await lab.vantages.from({ zone }).sql({
      host: address,
      user: 'replicator',
      password,
      tls: { ca },
      statements: ['SELECT 1'],
      timeoutMs: 3000,
    });
    if (outcome?.ok === true)
      return { good: true, observed: 'the account for replication logs in from beside the replica' };
    const found = outcome?.error;
    return {
      good: false,
      observed: `from beside the replica, port 3306 of ${service}: ${found?.code ?? 'nothing'} (${found?.message ?? ''})`,
    };
  },
});
