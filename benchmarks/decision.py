"""Decisions a second and their percentiles: embedded and OPA, cold and cached.

    python -m benchmarks.decision [--opa http://127.0.0.1:8181]

Marks: cold <= 25 ms, cached <= 20 microseconds. Where `opa` is installed, a server is started for
the run; with --opa it must run the archive that `--archive FILE` writes. A cold decision of the
embedded engine is given in processor time too, which other work on the machine changes less. The
last line asks for new shapes from many sides at once: the embedded engine's programs share them.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import structs

from classifiers.model import Level, Verdict
from policies.bundle import Bundle, archive, load
from policies.cache import CachedEngine
from policies.embedded import PROGRAMS, EmbeddedEngine
from policies.model import (
    Band,
    Bands,
    Basis,
    Exporter,
    Field,
    PolicyInput,
    Recipient,
)
from policies.opa import OpaEngine

ROUNDS = 200
CACHED_ROUNDS = 20_000
KINDS = (
    ("pi_basic", "PERSON", Level.PI),
    ("pi_contact_phone", "PHONE_NUMBER", Level.PI),
    ("pi_delivery", "LOCATION", Level.PI),
    ("pi_account", "USERNAME", Level.PI),
    ("spi_credential", "CREDENTIAL", Level.SPI),
    ("biz_product", "PRODUCT", Level.GENERAL),
)


def order(fields: int) -> PolicyInput:
    """An order with this many findings, as the sample data has them."""
    found = [KINDS[number % len(KINDS)] for number in range(fields)]
    return PolicyInput(
        at="2026-11-22",
        exporter=Exporter(id="acme-cn", ciio=False, zone="", sector="e-commerce", pilots=[]),
        route="sg-fulfilment",
        origin="CN",
        collected_in="CN",
        destination="SG",
        recipient=Recipient(name="Partner Logistics Pte Ltd"),
        purpose="order_fulfilment",
        basis=Basis(ground="contract", exemption="cn.order16.art5.1.1"),
        fields=sorted(
            Field(f"/f{number:02}", category, level, Verdict.CONFIRMED, False, entity)
            for number, (category, entity, level) in enumerate(found)
        ),
        bands=Bands(general=Band(0, 100_000), sensitive=Band(0, 1)),
    )


async def timed(
    ask: Callable[[], Awaitable[object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """Seconds of each call, by `clock`."""
    seconds = []
    for _ in range(rounds):
        start = clock()
        await ask()
        seconds.append(clock() - start)
    return seconds


def line(label: str, seconds: list[float], scale: float, unit: str) -> None:
    ranked = sorted(seconds)
    p99 = ranked[int(len(ranked) * 0.99)]
    rate = 1 / statistics.fmean(ranked)
    p50 = statistics.median(ranked)
    print(f"{label:<34}{p50 * scale:>9.2f} {unit}{p99 * scale:>9.2f} {unit}{rate:>14,.0f} /s")


@contextmanager
def serving(bundle: Bundle) -> Iterator[str | None]:
    """The URL of an OPA server that runs `bundle`; None where there is no `opa`."""
    program = shutil.which("opa") or shutil.which("opa", path=str(Path.home() / "go" / "bin"))
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = "{}:{}".format(*free.getsockname())
        packed = Path(folder) / "bundle.tar.gz"
        packed.write_bytes(archive(bundle))
        command = [program, "run", "--server", "--addr", address, "-l", "error", "-b", str(packed)]
        with subprocess.Popen(command) as server:
            try:
                wait_for(f"http://{address}/health")
                yield f"http://{address}"
            finally:
                server.terminate()


def wait_for(url: str) -> None:
    """Return once `url` answers; raise `TimeoutError` after some ten seconds."""
    for _ in range(100):
        with suppress(OSError), urllib.request.urlopen(url):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")


async def crowd(bundle: Bundle, questions: int) -> None:
    """New shapes all at once: what one program takes, and what all of them take."""
    seconds = {}
    for programs in (1, PROGRAMS):
        engine = EmbeddedEngine(bundle, deadline_seconds=60, programs=programs)
        asked = [structs.replace(order(4), route=f"r{n}") for n in range(questions)]
        await asyncio.gather(*(engine.decide(each) for each in asked[:programs]))
        start = time.perf_counter()
        await asyncio.gather(*(engine.decide(each) for each in asked))
        seconds[programs] = time.perf_counter() - start
    rates = ", ".join(f"{n} programs {questions / took:,.0f}/s" for n, took in seconds.items())
    print(f"{questions} new shapes at once: {rates}; none refused")


async def measure(bundle: Bundle, url: str | None) -> None:
    start = time.perf_counter()
    embedded = EmbeddedEngine(bundle, deadline_seconds=60)
    print(f"{len(bundle.modules)} modules, compiled in {time.perf_counter() - start:.2f} s")
    print(f"{platform.machine()}, CPython {platform.python_version()}")
    print(f"{'':<34}{'p50':>12}{'p99':>12}{'':>16}")
    for fields in (4, 12, 40):
        question = order(fields)

        async def cold(question: PolicyInput = question) -> object:
            return embedded.decide_sync(question)

        line(f"embedded, cold, {fields} findings", await timed(cold, ROUNDS), 1e3, "ms")
        spent = await timed(cold, ROUNDS, time.process_time)
        line("  in processor time", spent, 1e3, "ms")
        cached = CachedEngine(embedded)
        await cached.decide(question)

        async def warm(cached: CachedEngine = cached, question: PolicyInput = question) -> object:
            return cached.cached(question)

        line(f"cached, {fields} findings", await timed(warm, CACHED_ROUNDS), 1e6, "us")
        if url is not None:
            remote = OpaEngine(url, bundle.revision, deadline_seconds=60)

            async def asked(remote: OpaEngine = remote, question: PolicyInput = question) -> object:
                return await remote.decide(question)

            line(f"OPA server, {fields} findings", await timed(asked, ROUNDS), 1e3, "ms")
            await remote.close()
    await crowd(bundle, ROUNDS)


def main() -> None:
    parser = argparse.ArgumentParser(description="Decisions a second, cold and cached.")
    parser.add_argument("--opa", metavar="URL", help="an OPA server that runs this bundle")
    parser.add_argument("--archive", type=Path, help="write the bundle's archive here and stop")
    options = parser.parse_args()
    bundle = load()
    if options.archive:
        options.archive.write_bytes(archive(bundle))
        return
    if options.opa:
        asyncio.run(measure(bundle, options.opa))
        return
    with serving(bundle) as url:
        asyncio.run(measure(bundle, url))


if __name__ == "__main__":
    main()
