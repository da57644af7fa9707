/** Whether a replica fetches and applies. One that is about to connect counts as fetching: it does so when it can. */
export const replicationThreads = `SELECT
  (SELECT IF(SERVICE_STATE = 'OFF', 'OFF', 'ON') FROM performance_schema.replication_connection_status LIMIT 1),
  (SELECT SERVICE_STATE FROM performance_schema.replication_applier_status LIMIT 1)`;
