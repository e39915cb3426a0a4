"""`python -m benchmarks.soak --minutes N`: half load for long, and whether memory stays flat.

The gateway runs in a process of its own. After a short full load it gets half as many requests a
second of many kinds, none twice: orders, gzip, JSON Lines, CSV, XML, broken and denied ones. Its
resident memory is noted all along; at the end it is stopped, and its log verified: every request
has its entry, every export its outcome. Exit 1 where memory grew or the log does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import aiohttp
import orjson
from aiohttp import web

from audit_log import reader
from audit_log.records import account
from audit_log.verify import verify
from benchmarks import orders
from benchmarks.node import prepared
from gateway.demo.exporter import configuration
from gateway.export.transfer import china_date
from gateway.node import last_signed, utc_now
from gateway.server import serving
from gateway.streams.collection import collect_rarely

KEY: Final = "a-caller-key-made-up-for-soaking"
WARM_UP_SECONDS: Final = 10.0
IN_FLIGHT: Final = 16
SAMPLE_SECONDS: Final = 5.0
GROWTH: Final = 1.05  # of the last fifth over the second, and
SLACK_MB: Final = 8.0  # for what an allocator keeps
_FAMILIES: Final = 3_000  # of 20 telephones: a year's tally stays below its threshold
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, and the statuses that are right for it."""

    route: str
    media: str
    body: bytes
    status: frozenset[int]
    coding: str = ""


def requests(seed: int) -> Iterator[Request]:
    """Requests without end, each different, in the same order for a seed."""
    draw = random.Random(seed)
    made = _orders()
    ok, refused = frozenset({200}), frozenset({400})
    while True:
        kind, order = draw.random(), next(made)
        body = orjson.dumps(order)
        phone = f"138{draw.randrange(_FAMILIES):06}00"
        if kind < 0.7:
            yield Request("sg-fulfilment", _JSON, body, ok)
        elif kind < 0.78:
            yield Request("sg-fulfilment", _JSON, gzip.compress(body), ok, "gzip")
        elif kind < 0.84:
            lines = b"\n".join(orjson.dumps(next(made)) for _ in range(50))
            yield Request("sg-fulfilment", "application/x-ndjson", lines, ok)
        elif kind < 0.89:
            rows = "\n".join(f"{n},{phone[:-2]}{n:02}" for n in range(20))
            yield Request("sg-analytics", "text/csv", f"id,phone\n{rows}\n".encode(), ok)
        elif kind < 0.93:
            text = f"<order><phone>{phone}</phone><n>1</n></order>"
            yield Request("sg-analytics", "application/xml", text.encode(), ok)
        elif kind < 0.97:
            yield Request("sg-fulfilment", _JSON, body[:-1], refused)
        else:
            yield Request("ke-marketing", _JSON, body, frozenset({403}))


def _orders() -> Iterator[dict[str, object]]:
    number = 0
    while True:
        for order in orders.orders("typical", 500):
            number += 1
            yield order | {"order_sn": f"S{number:012}"}


@dataclass
class Tally:
    """What came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)


async def drive(port: int, source: Iterator[Request], seconds: float, rate: float) -> Tally:
    """Send for `seconds`, at `rate` requests a second, or as fast as goes where it is 0."""
    tally, end = Tally(), time.monotonic() + seconds
    turn = asyncio.Lock()
    start, sent = time.monotonic(), 0

    async def sender(http: aiohttp.ClientSession) -> None:
        nonlocal sent
        while (now := time.monotonic()) < end:
            async with turn:
                due = start + sent / rate if rate else now
                sent += 1
            await asyncio.sleep(max(due - time.monotonic(), 0))
            await _one(http, port, next(source), tally)

    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        await asyncio.gather(*(sender(http) for _ in range(IN_FLIGHT)))
    return tally


async def _one(http: aiohttp.ClientSession, port: int, request: Request, tally: Tally) -> None:
    headers = {"Silkgate-Key": KEY, "Content-Type": request.media}
    if request.coding:
        headers["Content-Encoding"] = request.coding
    url = f"http://127.0.0.1:{port}/{request.route}/x"
    began = time.perf_counter()
    try:
        async with http.post(url, data=request.body, headers=headers) as reply:
            await reply.read()
            status = reply.status
    except (aiohttp.ClientError, TimeoutError):
        status = 0
    tally.times.append(time.perf_counter() - began)
    tally.statuses[status] += 1
    if status not in request.status:
        tally.wrong[f"{request.media} to {request.route}: {status}"] += 1


def resident_mb(pid: int) -> float:
    """Resident memory of a process, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


async def soak(port: int, pid: int, minutes: float, seed: int) -> tuple[Tally, list[float]]:
    """Warm up, then half load; what came back, and memory over time."""
    source = requests(seed)
    cold = await drive(port, source, WARM_UP_SECONDS, 0)
    first = await drive(port, source, WARM_UP_SECONDS, 0)
    rate = len(first.times) / WARM_UP_SECONDS / 2
    print(f"full load {2 * rate:,.0f} requests/s; {rate:,.0f} from here", flush=True)
    memory: list[float] = []
    driving = asyncio.create_task(drive(port, source, minutes * 60, rate))
    while not driving.done():
        memory.append(resident_mb(pid))
        if len(memory) % 12 == 1:
            print(f"{len(memory) * SAMPLE_SECONDS / 60:6.1f} min  {memory[-1]:7.1f} MB", flush=True)
        await asyncio.wait([driving], timeout=SAMPLE_SECONDS)
    second = await driving
    second.statuses += cold.statuses + first.statuses
    second.wrong += cold.wrong + first.wrong
    return second, memory


def flat(memory: list[float]) -> bool:
    """Whether the last fifth of the samples is not above the second."""
    fifth = max(len(memory) // 5, 1)
    early, late = statistics.median(memory[fifth : 2 * fifth]), statistics.median(memory[-fifth:])
    print(f"memory: {early:.1f} MB in the second fifth, {late:.1f} MB in the last")
    return late <= early * GROWTH + SLACK_MB


def holds(root: Path, upstream: int, tally: Tally) -> bool:
    """Whether the log of the stopped gateway verifies and has an entry for every request."""
    settings = configuration(root, upstream, KEY, date.fromisoformat(china_date(utc_now())))
    directory = settings.path(settings.audit.dir)
    vkey = next((directory / "keys").glob("*.vkey")).read_text("utf-8").strip()
    report = verify(directory, vkey=vkey, state=last_signed(settings))
    books = account(data for _, data in reader.entries(directory))
    answered = sum(tally.statuses.values()) - tally.statuses[0]
    entered = report.kinds.get("export", 0) + report.kinds.get("refusal", 0)
    print(f"log: {'verified' if report.ok else 'NOT VERIFIED'}, {dict(books.became)}")
    print(f"{answered} requests answered, {entered} exports and refusals entered")
    return report.ok and books.closes and books.open == 0 and entered >= answered


async def _accept(request: web.BaseRequest) -> web.Response:
    """The recipient."""
    await request.read()
    return web.json_response({"accepted": True})


async def _serve(root: Path, upstream: int) -> None:
    settings = configuration(root, upstream, KEY, date.fromisoformat(china_date(utc_now())))
    async with serving(settings) as running:
        collect_rarely()
        print(running.data_port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def _count_lines(log: asyncio.StreamReader) -> int:
    """Read the service log to its end: a full pipe would hold the gateway up."""
    return len([line async for line in log])


async def _measure(root: Path, minutes: float, seed: int) -> bool:
    runner = web.ServerRunner(web.Server(_accept, access_log=None, auto_decompress=False))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    upstream = runner.addresses[0][1]
    prepared(root, upstream, KEY)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.soak", "--serve", str(root), str(upstream),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},  # as `silkgate` sets it
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        port = int(await child.stdout.readline())
        lines = asyncio.create_task(_count_lines(child.stdout))
        tally, memory = await soak(port, child.pid, minutes, seed)
    finally:
        child.stdin.close()
        await child.wait()
    print(f"{await lines} lines in the service log")
    await runner.cleanup()
    times = sorted(tally.times)
    middle, last = (times[len(times) * part // 100] * 1e3 for part in (50, 99))
    print(f"answers: {dict(sorted(tally.statuses.items()))}, wrong: {dict(tally.wrong)}")
    print(f"p50 {middle:.0f} ms, p99 {last:.0f} ms")
    checks = [flat(memory), holds(root, upstream, tally), not tally.wrong]
    return all(checks)


def main() -> None:
    """Run the soak."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", nargs=2, metavar=("FOLDER", "PORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(_serve(Path(options.serve[0]), int(options.serve[1])))
        return
    with tempfile.TemporaryDirectory(prefix="silkgate-") as folder:
        good = asyncio.run(_measure(Path(folder), options.minutes, options.seed))
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
