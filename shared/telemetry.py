"""Prometheus metrics, one registry per service. Labels are routes, codes and topics, never ids or personal data."""

import platform
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from shared.version import VERSION

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Seconds. Fine where a desk waits, coarse where something is wrong anyway.
_DURATIONS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(frozen=True, slots=True)
class Metrics:
    """What one service counts. Plain gauges and counters are bound to the service; the rest is set through methods."""

    service: str
    registry: CollectorRegistry
    requests: Counter
    durations: Histogram
    outbox_depth: Gauge
    outbox_age: Gauge
    consumer_lag: Gauge
    handled: Counter
    parked: Gauge
    relay_sent: Counter
    database_up: Gauge
    broker_up: Gauge
    pool_in_use: Gauge
    pool_size: Gauge
    job_age: Gauge
    job_waits: Gauge
    errands: Gauge
    errand_age: Gauge

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Counts one request. `route` is the template (`/cases/{id}`), or None where no route fitted."""
        # What a stranger types must not become a label: each new one lives as long as the process.
        verb = method if method in _METHODS else "other"
        template = route or "unmatched"
        self.requests.labels(self.service, verb, template, str(status)).inc()
        self.durations.labels(self.service, verb, template).observe(seconds)

    def lagging(self, topic: str, partition: int, messages: int) -> None:
        """How many messages of a partition this service has not handled."""
        self.consumer_lag.labels(self.service, topic, str(partition)).set(messages)

    def turned(self, job: str, seconds: float, *, waits: bool) -> None:
        """How long ago a job of the worker turned, and whether it waits for something that is away."""
        self.job_age.labels(self.service, job).set(seconds)
        self.job_waits.labels(self.service, job).set(int(waits))

    def waiting_errands(self, errand: str, count: int, oldest: float) -> None:
        """How many errands of a kind could not be carried out, and for how many seconds the oldest has waited."""
        self.errands.labels(self.service, errand).set(count)
        self.errand_age.labels(self.service, errand).set(oldest)


def make_metrics(service: str) -> Metrics:
    """The metrics of one service, in a registry of their own: four services share a process."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)

    def gauge(name: str, meaning: str) -> Gauge:
        return Gauge(f"homeward_{name}", meaning, ["service"], registry=registry).labels(service)

    def gauge_by(name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"homeward_{name}", meaning, ["service", *labels], registry=registry)

    def counter(name: str, meaning: str) -> Counter:
        return Counter(f"homeward_{name}", meaning, ["service"], registry=registry).labels(service)

    build = gauge_by("build", "1, with the version that runs", "version", "python")
    build.labels(service, VERSION, platform.python_version()).set(1)
    return Metrics(
        service=service,
        registry=registry,
        requests=Counter(
            "homeward_requests", "Requests answered", ["service", "method", "route", "status"], registry=registry
        ),
        durations=Histogram(
            "homeward_request_seconds",
            "From the request's head to the answer's last byte",
            ["service", "method", "route"],
            buckets=_DURATIONS,
            registry=registry,
        ),
        outbox_depth=gauge("outbox_depth", "Facts committed and not sent yet"),
        outbox_age=gauge("outbox_age_seconds", "Age of the oldest fact not sent yet; 0 where there is none"),
        consumer_lag=gauge_by("consumer_lag", "Messages not handled yet", "topic", "partition"),
        handled=counter("consumer_handled", "Messages applied"),
        parked=gauge("parked", "Messages parked with an error, waiting for a person"),
        relay_sent=counter("relay_sent", "Facts sent to the broker"),
        database_up=gauge("database_up", "1 while the database answers, else 0"),
        broker_up=gauge("broker_up", "1 while the broker answers a worker, else 0"),
        pool_in_use=gauge("pool_in_use", "Connections to the database in use"),
        pool_size=gauge("pool_size", "Connections to the database this process may hold"),
        job_age=gauge_by("job_age_seconds", "Seconds since a job of the worker last turned", "job"),
        job_waits=gauge_by("job_waits", "1 while a job of the worker waits for what is away, else 0", "job"),
        errands=gauge_by("errands_waiting", "Errands that could not be carried out at the last look", "errand"),
        errand_age=gauge_by("errand_age_seconds", "How long the oldest of them has waited here", "errand"),
    )


def render(metrics: Metrics) -> tuple[bytes, str]:
    """The text Prometheus scrapes, and its content type."""
    return generate_latest(metrics.registry), CONTENT_TYPE_LATEST
