import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface PoolState {
  idle: number;
  inUse: number;
  waiting: number;
}

export interface HttpMetrics {
  /** Counts one answered request; `seconds` from its first byte to the end of the answer. */
  observeRequest(labels: { route: string; method: string; status: string }, seconds: number): void;
}

export interface DatabaseMetrics {
  /** Starts timing one statement; call the result with how it ended. */
  startQuery(role: string): (outcome: 'ok' | 'error') => void;
  /** Has the pool's state read at every scrape. */
  watchPool(role: string, state: () => PoolState): void;
}

export interface Metrics extends HttpMetrics, DatabaseMetrics {
  contentType: string;
  /** Prometheus text format. */
  text(): Promise<string>;
}

/** Rate, errors and duration of requests, and the state of the database pools. */
export function createMetrics(server: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  new Gauge({
    name: 'app_info',
    help: 'Always 1; the labels say what is running.',
    labelNames: ['server', 'node'],
    registers,
  }).set({ server, node: process.version }, 1);

  // Compared with the time at which Prometheus asked, it shows a clock that is off.
  new Gauge({
    name: 'app_clock_seconds',
    help: 'The clock of this process, in Unix time.',
    registers,
    collect() {
      this.set(Date.now() / 1000);
    },
  });

  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const queries = new Histogram({
    name: 'db_query_duration_seconds',
    help: 'Time of a statement, waiting for a connection included.',
    labelNames: ['database', 'outcome'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5],
    registers,
  });

  const pools = new Map<string, () => PoolState>();
  new Gauge({
    name: 'db_pool_connections',
    help: 'Open connections of a pool.',
    labelNames: ['database', 'state'],
    registers,
    collect() {
      for (const [database, state] of pools) {
        this.set({ database, state: 'idle' }, state().idle);
        this.set({ database, state: 'in_use' }, state().inUse);
      }
    },
  });
  new Gauge({
    name: 'db_pool_waiting',
    help: 'Statements that wait for a connection of a pool.',
    labelNames: ['database'],
    registers,
    collect() {
      for (const [database, state] of pools) this.set({ database }, state().waiting);
    },
  });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeRequest(labels, seconds) {
      requests.inc(labels);
      durations.observe(labels, seconds);
    },
    startQuery(database) {
      const end = queries.startTimer({ database });
      return (outcome) => void end({ outcome });
    },
    watchPool: (role, state) => void pools.set(role, state),
  };
}
