"""Prometheus metrics: counts and times by route and outcome. Labels are bounded, no values."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)

M = TypeVar("M", Counter, Histogram)

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The gateway's own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._decisions = Counter(
            "silkgate_decisions", "Exports decided", ["route", "outcome"], registry=self.registry
        )
        self._outcomes = Counter(
            "silkgate_outcomes",
            "Released exports by what became of them",
            ["route", "status"],
            registry=self.registry,
        )
        self._refusals = Counter(
            "silkgate_refusals",
            "Requests ended before a decision",
            ["code"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "silkgate_pipeline_seconds",
            "From a read request to a durable decision",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._requests = Counter(
            "silkgate_requests",
            "Requests answered on the data listener; caller and route are empty until known",
            ["caller", "route", "status"],
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "silkgate_request_seconds",
            "From a request's head to its answer, the recipient's time included",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._bytes = Counter(
            "silkgate_bytes",
            "Bytes of bodies from callers (in) and back to them (back)",
            ["route", "direction"],
            registry=self.registry,
        )
        self._calls = Counter(
            "silkgate_api_requests",
            "Requests answered on the admin listener",
            ["operation", "status"],
            registry=self.registry,
        )
        self._expiry = Gauge(
            "silkgate_certificate_expiry_timestamp_seconds",
            "When a listener's certificate ends",
            ["listener"],
            registry=self.registry,
        )
        self._known: dict[tuple[object, tuple[str, ...]], Any] = {}
        Gauge("silkgate_build_info", "1 for the software running", ["version"],
              registry=self.registry).labels(version("silkgate")).set(1)  # fmt: skip
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._ready = Gauge(
            "silkgate_ready", "1 while every part is ready, else 0", registry=self.registry
        )

        self._policy = Gauge(
            "silkgate_policy_info",
            "1 for the policy in force",
            ["revision"],
            registry=self.registry,
        )
        self._reloaded = Gauge(
            "silkgate_policy_reload_ok",
            "0 while the last reload was refused, else 1",
            registry=self.registry,
        )
        self._candidate_ok = Gauge(
            "silkgate_policy_candidate_ok",
            "0 while a configured candidate policy cannot be asked, else 1",
            registry=self.registry,
        )
        self._candidate = Counter(
            "silkgate_policy_candidate_decisions",
            "Decisions of the candidate policy, by how they differ from those in force",
            ["route", "difference"],
            registry=self.registry,
        )

    def answered(self, caller: str, route: str, status: int, seconds: float) -> None:
        """Count an answer on the data listener."""
        self._child(self._requests, caller, route, str(status)).inc()
        if route:
            self._child(self._request_seconds, route).observe(seconds)

    def moved(self, route: str, received: int, back: int) -> None:
        """Count bytes of bodies."""
        if received:
            self._child(self._bytes, route, "in").inc(received)
        if back:
            self._child(self._bytes, route, "back").inc(back)

    def _child(self, metric: M, *labels: str) -> M:
        """The metric with these labels, remembered: finding one takes longer than counting."""
        key = metric, labels
        child = self._known.get(key)
        if child is None:
            child = self._known[key] = metric.labels(*labels)
        return child

    def called(self, operation: str, status: int) -> None:
        """Count an answer on the admin listener."""
        self._calls.labels(operation, str(status)).inc()

    def certificate(self, listener: str, end: float) -> None:
        """Record when the certificate of `listener` ends, in Unix seconds."""
        self._expiry.labels(listener).set(end)

    def policy(self, revision: str, *, reloaded: bool, candidate: bool) -> None:
        """Record the policy in force, and whether the last reload and the candidate went well."""
        self._policy.clear()
        self._policy.labels(revision).set(1)
        self._reloaded.set(reloaded)
        self._candidate_ok.set(candidate)

    def compared(self, route: str, difference: str) -> None:
        """Count a decision of the candidate policy."""
        self._candidate.labels(route, difference).inc()

    def decided(self, route: str, outcome: str) -> None:
        """Count a decision."""
        self._child(self._decisions, route, outcome).inc()

    def outcome(self, route: str, status: str) -> None:
        """Count what became of a released export."""
        self._child(self._outcomes, route, status).inc()

    def refused(self, code: str) -> None:
        """Count a request that ended before a decision."""
        self._refusals.labels(code).inc()

    def took(self, seconds: float) -> None:
        """Record the time the pipeline took."""
        self._seconds.observe(seconds)

    def ready(self, *, yes: bool) -> None:
        """Set readiness."""
        self._ready.set(1 if yes else 0)

    def exposition(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)
