"""The proxy beside a plain aiohttp pass-through, on loopback: JSON of four sizes, durable audit.

Load, recipient and each contestant are processes of their own; contestants take turns. No two
requests in a row are alike, so nothing is won by remembering a body.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
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
SIZES: Final = (1_024, 10_000, 100_000, 1_000_000)  # bytes; the larger ones in one short turn each
SHORT: Final = 0.7
VARIETY: Final[dict[int, int]] = {1_024: 500, 10_000: 60, 100_000: 8, 1_000_000: 3}
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
    samples: dict[tuple[int, int, str], list[Sample]] = {}
    with ExitStack() as stack:
        upstream = stack.enter_context(_process("recipient", 0)).port
        known = {name: stack.enter_context(_process(name, upstream)) for name in CONTESTANTS}
        requests = {size: cycle(list(_requests(size))) for size in SIZES}
        for process in known.values():
            _turn(process, requests[SIZES[0]], 1, SECONDS / 3)  # connections, first decision
        for size in SIZES:
            for _ in range(ROUNDS if size == SIZES[0] else 1):
                for in_flight in IN_FLIGHT:
                    for name, process in known.items():
                        seconds = SECONDS if size == SIZES[0] else SHORT
                        try:
                            sample = _turn(process, requests[size], in_flight, seconds)
                        except SystemExit as error:  # more at once than its deadline allows
                            what = f"{size // 1000:,} KB, {in_flight} in flight, {name}"
                            report.notes.append(f"{what}: not measured, {error}")
                            continue
                        samples.setdefault((size, in_flight, name), []).append(sample)
    _report(report, samples)


def _requests(size: int) -> Iterator[bytes]:
    """Different requests of typical orders, as many as fill `size` bytes, or one filled up."""
    made = iter(orders.orders("typical", VARIETY[size] * max(size // 800, 1)))
    for _ in range(VARIETY[size]):
        if size > SIZES[0]:
            body = orjson.dumps([next(made) for _ in range(size // 820)])
        else:
            order = next(made)
            missing = size - len(orjson.dumps(order))
            order["details"]["terms"] += "，" + "七天无理由退货"[: max(missing // 3, 0) % 8]
            order["details"]["terms"] += "七天无理由退货" * (max(missing, 0) // 21)
            body = orjson.dumps(order)
        yield wire.post(f"/{ROUTE}/orders", body, {"Silkgate-Key": KEY})


def _turn(process: Process, requests: Iterator[bytes], in_flight: int, seconds: float) -> Sample:
    before = process.cpu_seconds()
    times = uvloop.run(wire.load(process.port, requests, in_flight, seconds))
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


def _report(report: Report, samples: dict[tuple[int, int, str], list[Sample]]) -> None:
    rows: list[list[Cell]] = []
    medians: dict[tuple[int, int, str], Sample] = {}
    for (size, in_flight, name), turns in samples.items():
        parts = ([getattr(turn, each) for turn in turns] for each in Sample.__slots__)
        median = medians[size, in_flight, name] = Sample(*map(statistics.median, parts))
        rate, *others = (getattr(median, each) for each in Sample.__slots__)
        rows.append([f"{size // 1000:,} KB, {in_flight} in flight, {name}", round(rate), *others])
    small = SIZES[0]
    plain = {number: medians[small, number, "passthrough"] for number in IN_FLIGHT}
    bare = {number: medians[small, number, "audited"] for number in IN_FLIGHT}
    ours = {number: medians[small, number, "gateway"] for number in IN_FLIGHT}
    added = ours[1].p50 - plain[1].p50
    report.ratios += [
        Ratio("gateway / pass-through, 64 in flight", ours[64].rate / plain[64].rate, 0.4, 0.65),
        Ratio("the same by processor time a request", plain[64].cpu / ours[64].cpu, 0.4, 0.65),
        Ratio("gateway / pass-through, 16 in flight", ours[16].rate / plain[16].rate),
        Ratio("bare audit / pass-through, 64 in flight", bare[64].rate / plain[64].rate),
        Ratio("p50 added at 1 in flight", added, 1.5, 1.0, at_most=True, unit="ms"),
        Ratio("of it beside a bare audit entry", ours[1].p50 - bare[1].p50, unit="ms"),
    ]
    for size in SIZES[1:]:
        pair = [medians.get((size, 16, name)) for name in ("gateway", "passthrough")]
        if pair[0] and pair[1]:
            what = f"gateway / pass-through, {size // 1000:,} KB, 16 in flight"
            report.ratios.append(Ratio(what, pair[0].rate / pair[1].rate))
    columns = ["", "requests/s", "p50 ms", "p95 ms", "p99 ms", "cpu ms a request"]
    title = f"Typical orders as JSON; 1 KB in {ROUNDS} turns of {SECONDS} s, others one of {SHORT}"
    report.tables.append(Table(title, columns, rows))
