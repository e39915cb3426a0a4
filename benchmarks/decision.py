"""Decisions a second and their percentiles: embedded and OPA, cold and cached.

    python -m benchmarks.decision [--opa http://127.0.0.1:8181]

Marks: cold <= 25 ms, cached <= 20 microseconds. With --opa the server must run the archive that
`--archive FILE` writes.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from classifiers.model import Level, Verdict
from policies.bundle import Bundle, archive, load
from policies.cache import CachedEngine
from policies.embedded import EmbeddedEngine
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


async def timed(ask: Callable[[], Awaitable[object]], rounds: int) -> list[float]:
    """Seconds of each call."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        await ask()
        seconds.append(time.perf_counter() - start)
    return seconds


def line(label: str, seconds: list[float], scale: float, unit: str) -> None:
    ranked = sorted(seconds)
    p99 = ranked[int(len(ranked) * 0.99)]
    rate = 1 / statistics.fmean(ranked)
    p50 = statistics.median(ranked)
    print(f"{label:<34}{p50 * scale:>9.2f} {unit}{p99 * scale:>9.2f} {unit}{rate:>14,.0f} /s")


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


def main() -> None:
    parser = argparse.ArgumentParser(description="Decisions a second, cold and cached.")
    parser.add_argument("--opa", metavar="URL", help="an OPA server that runs this bundle")
    parser.add_argument("--archive", type=Path, help="write the bundle's archive here and stop")
    options = parser.parse_args()
    bundle = load()
    if options.archive:
        options.archive.write_bytes(archive(bundle))
        return
    asyncio.run(measure(bundle, options.opa))


if __name__ == "__main__":
    main()
