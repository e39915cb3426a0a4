"""How fast persons are counted: `python -m benchmarks.ledger [--full] [--folder DIR]`.

Fills a ledger with 1 million persons (`--full`: 10 million), opens it again, then takes batches of
1,000 persons, half of them new, one after another: commits alone, then preview and commit. Prints
persons per second, the slowest batch, the time to open, and the memory of the process.
Mark: 40,000 persons/s at 10 million; moonshot: 100,000.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from rich.console import Console

from benchmarks.figures import Ratio, Report, Table, show
from gateway.ledger.model import KEY_BYTES, Edges, Person
from gateway.ledger.sqlite import SqliteLedger

YEAR = 2026
EDGES = Edges(general=(10**12,), sensitive=(10**12,))
BATCH = 1_000
FILL_BATCH = 20_000


def clock() -> datetime:
    return datetime(YEAR, 11, 22, tzinfo=UTC)


def person(number: int) -> Person:
    return Person(strong=blake2b(number.to_bytes(8, "big"), digest_size=KEY_BYTES).digest())


def half_new(filled: int, first_new: int, count: int) -> Iterator[list[Person]]:
    """`count` batches: half known at random, half never seen, mixed."""
    source = random.Random(first_new)
    for start in range(first_new, first_new + count * BATCH // 2, BATCH // 2):
        numbers = [source.randrange(filled) for _ in range(BATCH // 2)]
        numbers += range(start, start + BATCH // 2)
        source.shuffle(numbers)
        yield [person(number) for number in numbers]


async def fill(path: Path, count: int) -> float:
    """Persons per second while `count` new ones go into a new ledger."""
    ledger = SqliteLedger.create(path, "bench", clock=clock)
    bands = (await ledger.preview([], EDGES)).bands
    begun = time.perf_counter()
    for start in range(0, count, FILL_BATCH):
        batch = [person(number) for number in range(start, start + FILL_BATCH)]
        await ledger.commit(batch, bands, year=YEAR, export_ref=f"fill-{start}")
    took = time.perf_counter() - begun
    await ledger.close()
    return count / took


async def take(
    ledger: SqliteLedger, batches: Iterator[list[Person]], *, preview: bool
) -> tuple[float, float]:
    """Persons per second, and the slowest batch in milliseconds."""
    bands = (await ledger.preview([], EDGES)).bands
    total = slowest = 0.0
    persons = 0
    for batch in batches:
        begun = time.perf_counter()
        if preview:
            bands = (await ledger.preview(batch, EDGES)).bands
        tally = await ledger.commit(batch, bands, year=YEAR, export_ref=f"{preview}-{persons}")
        took = time.perf_counter() - begun
        total, slowest, persons = total + took, max(slowest, took), persons + len(batch)
        if tally.new.general != BATCH // 2:
            raise SystemExit(f"counted {tally.new.general} new persons of {BATCH // 2}")
    return persons / total, slowest * 1e3


async def measure(folder: Path, filled: int, count: int, report: Report) -> None:
    path = folder / "ledger.db"
    filling = await fill(path, filled)
    begun = time.perf_counter()
    ledger = SqliteLedger.open(path, "bench", clock=clock)
    opening = (time.perf_counter() - begun) * 1e3
    rows = []
    for number, preview in enumerate((False, True)):
        batches = half_new(filled, filled + number * count * BATCH, count)
        rate, slowest = await take(ledger, batches, preview=preview)
        rows.append(("preview and commit" if preview else "commit", round(rate), round(slowest)))
    await ledger.close()
    report.ratios.append(
        Ratio(f"commits at {filled:,}", rows[0][1], 40_000, 100_000, unit="persons/s")
    )
    columns = ("batches of 1,000, half new", "persons/s", "slowest, ms")
    report.tables.append(Table(f"{filled:,} persons counted", columns, rows))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    report.notes.append(
        f"Filled at {filling:,.0f} persons/s; opened in {opening:.0f} ms; this process has held "
        f"{memory} MB at most."
    )


def run(report: Report, *, full: bool = False, folder: Path | None = None) -> None:
    """The suite; `full`: at 10 million persons, as the mark wants it, else at one million."""
    filled, count = (10_000_000, 2_000) if full else (1_000_000, 500)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        asyncio.run(measure(Path(name), filled, count, report))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--full", action="store_true", help="10 million persons")
    parser.add_argument("--folder", type=Path, help="where the ledger is written (default: /tmp)")
    options = parser.parse_args()
    report = Report("ledger")
    run(report, full=options.full, folder=options.folder)
    show(report, Console())


if __name__ == "__main__":
    main()
