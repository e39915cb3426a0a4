"""The proxy beside a plain aiohttp pass-through, on loopback: 1 KB of JSON, durable audit.

Load, recipient and each contestant are processes of their own; contestants take turns.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
import uvloop

from benchmarks import orders, wire
from benchmarks.contestants import KEY
from benchmarks.figures import Cell, Ratio, Report, Table
from benchmarks.node import ROUTE

IN_FLIGHT: Final = (1, 16, 64)
CONTESTANTS: Final = ("passthrough", "audited", "gateway")
ROUNDS: Final = 3
SECONDS: Final = 1.5
BYTES: Final = 1024
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """One running contestant."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@dataclass(frozen=True, slots=True)
class Sample:
    """One turn of one contestant. Times in milliseconds."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float  # processor milliseconds a request


def run(report: Report) -> None:
    """The proxy suite."""
    request = wire.post(f"/{ROUTE}/orders", _body(), {"Silkgate-Key": KEY})
    samples: dict[tuple[int, str], list[Sample]] = {}
    with ExitStack() as stack:
        upstream = stack.enter_context(_process("recipient", 0)).port
        known = {name: stack.enter_context(_process(name, upstream)) for name in CONTESTANTS}
        for process in known.values():
            _turn(process, request, 1, SECONDS / 3)  # connections, first decision
        for _ in range(ROUNDS):
            for in_flight in IN_FLIGHT:
                for name, process in known.items():
                    sample = _turn(process, request, in_flight, SECONDS)
                    samples.setdefault((in_flight, name), []).append(sample)
    _report(report, samples)


def _body() -> bytes:
    """One typical order, filled up to the size."""
    order = orders.orders("typical", 1)[0]
    order["details"]["terms"] += "，" + "七天无理由退货" * 40
    body = orjson.dumps(order)
    cut = (len(body) - BYTES + 2) // 3
    order["details"]["terms"] = order["details"]["terms"][: -max(cut, 1)]
    return orjson.dumps(order)


def _turn(process: Process, request: bytes, in_flight: int, seconds: float) -> Sample:
    before = process.cpu_seconds()
    times = uvloop.run(wire.load(process.port, request, in_flight, seconds))
    count = len(times)
    cpu = (process.cpu_seconds() - before) / count
    middle, late, last = (times[min(count * part // 100, count - 1)] for part in (50, 95, 99))
    rate = count / (sum(times) / in_flight)
    return Sample(rate, middle * 1e3, late * 1e3, last * 1e3, cpu * 1e3)


@contextmanager
def _process(kind: str, upstream: int) -> Iterator[Process]:
    command = [sys.executable, "-m", "benchmarks.contestants", kind, str(upstream)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        port = child.stdout.readline()
        if not port:
            raise SystemExit(f"{kind} did not start")
        try:
            yield Process(int(port), child.pid)
        finally:
            child.stdin.close()


def _report(report: Report, samples: dict[tuple[int, str], list[Sample]]) -> None:
    rows: list[list[Cell]] = []
    medians: dict[tuple[int, str], Sample] = {}
    for (in_flight, name), turns in samples.items():
        parts = ([getattr(turn, each) for turn in turns] for each in Sample.__slots__)
        median = medians[in_flight, name] = Sample(*map(statistics.median, parts))
        rate, *others = (getattr(median, each) for each in Sample.__slots__)
        rows.append([f"{name}, {in_flight} in flight", round(rate), *others])
    plain = {number: medians[number, "passthrough"] for number in IN_FLIGHT}
    ours = {number: medians[number, "gateway"] for number in IN_FLIGHT}
    bare = medians[64, "audited"]
    report.ratios += [
        Ratio(
            "gateway / pass-through, requests/s, 64 in flight",
            ours[64].rate / plain[64].rate,
            0.4,
            0.65,
        ),
        Ratio("the same by processor time a request", plain[64].cpu / ours[64].cpu, 0.4, 0.65),
        Ratio("gateway / pass-through, requests/s, 16 in flight", ours[16].rate / plain[16].rate),
        Ratio(
            "pass-through with a bare audit entry / pass-through, 64 in flight",
            bare.rate / plain[64].rate,
        ),
        Ratio(
            "p50 added at 1 in flight",
            ours[1].p50 - plain[1].p50,
            1.5,
            1.0,
            at_most=True,
            unit="ms",
        ),
        Ratio(
            "of it beside a bare audit entry", ours[1].p50 - medians[1, "audited"].p50, unit="ms"
        ),
    ]
    columns = ["", "requests/s", "p50 ms", "p95 ms", "p99 ms", "cpu ms a request"]
    report.tables.append(
        Table(f"{BYTES} bytes of JSON, {ROUNDS} turns of {SECONDS} s", columns, rows)
    )
