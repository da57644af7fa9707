import { lightOperations, type Operations } from './index.ts';

/** Every operation, in this process. The agent has its own table, as mysql2 is a file apart there. */
export const operations: Operations = {
  ...lightOperations,
  sql: async (request) => (await import('./sql.ts')).sql(request),
};
