import platform
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily

REQUEST_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
QUERY_BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5)


class Metrics:
    """Rate, errors and duration of requests, and the state of the database pools."""

    def __init__(self, server):
        self.registry = CollectorRegistry()
        self.pools = {}
        ProcessCollector(registry=self.registry)
        info = Gauge("app_info", "Always 1; the labels say what is running.", ["server", "python"], registry=self.registry)
        info.labels(server, platform.python_version()).set(1)
        # Compared with the time at which Prometheus asked, it shows a clock that is off.
        Gauge("app_clock_seconds", "The clock of this process, in Unix time.", registry=self.registry).set_function(time.time)
        labels = ["route", "method", "status"]
        self.requests = Counter("http_requests_total", "Requests answered.", labels, registry=self.registry)
        self.durations = Histogram(
            "http_request_duration_seconds",
            "Time from a request to the end of its answer.",
            labels,
            buckets=REQUEST_BUCKETS,
            registry=self.registry,
        )
        self.queries = Histogram(
            "db_query_duration_seconds",
            "Time of a statement, waiting for a connection included.",
            ["database", "outcome"],
            buckets=QUERY_BUCKETS,
            registry=self.registry,
        )
        self.registry.register(PoolCollector(self.pools))

    def observe_request(self, route, method, status, seconds):
        """Counts one answered request; `seconds` from its first byte to the end of the answer."""
        self.requests.labels(route, method, status).inc()
        self.durations.labels(route, method, status).observe(seconds)

    def start_query(self, database):
        """Starts timing one statement; call the result with how it ended."""
        started = time.monotonic()
        return lambda outcome: self.queries.labels(database, outcome).observe(time.monotonic() - started)

    def watch_pool(self, role, pool):
        self.pools[role] = pool

    def text(self):
        """Prometheus text format."""
        return generate_latest(self.registry)


class PoolCollector:
    def __init__(self, pools):
        self.pools = pools

    def collect(self):
        connections = GaugeMetricFamily("db_pool_connections", "Open connections of a pool.", labels=["database", "state"])
        waiting = GaugeMetricFamily("db_pool_waiting", "Statements that wait for a connection of a pool.", labels=["database"])
        for role, pool in self.pools.items():
            connections.add_metric([role, "idle"], pool.idle.qsize())
            connections.add_metric([role, "in_use"], pool.in_use)
            waiting.add_metric([role], pool.waiting)
        yield connections
        yield waiting
