"""How fast persons are counted: `python benchmarks/ledger.py [--full] [--folder DIR]`.

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


async def fill(path: Path, count: int) -> None:
    ledger = SqliteLedger.create(path, "bench", clock=clock)
    bands = (await ledger.preview([], EDGES)).bands
    begun = time.perf_counter()
    for start in range(0, count, FILL_BATCH):
        batch = [person(number) for number in range(start, start + FILL_BATCH)]
        await ledger.commit(batch, bands, year=YEAR, export_ref=f"fill-{start}")
    took = time.perf_counter() - begun
    await ledger.close()
    print(f"filled with {count:,} new persons in {took:.1f} s: {count / took:,.0f} persons/s")


async def measure(
    ledger: SqliteLedger, filled: int, first_new: int, count: int, *, preview: bool
) -> None:
    bands = (await ledger.preview([], EDGES)).bands
    total = slowest = 0.0
    for number, batch in enumerate(half_new(filled, first_new, count)):
        begun = time.perf_counter()
        if preview:
            bands = (await ledger.preview(batch, EDGES)).bands
        tally = await ledger.commit(batch, bands, year=YEAR, export_ref=f"{first_new}-{number}")
        took = time.perf_counter() - begun
        total, slowest = total + took, max(slowest, took)
        if tally.new.general != BATCH // 2:
            raise SystemExit(f"counted {tally.new.general} new persons of {BATCH // 2}")
    what = "preview + commit" if preview else "commit"
    print(
        f"{what}: {count * BATCH / total:,.0f} persons/s at {filled:,} "
        f"({count} batches of {BATCH:,}, half new; slowest {slowest * 1e3:.0f} ms)"
    )


async def run(folder: Path, filled: int, count: int) -> None:
    path = folder / "ledger.db"
    await fill(path, filled)
    begun = time.perf_counter()
    ledger = SqliteLedger.open(path, "bench", clock=clock)
    print(f"opened in {time.perf_counter() - begun:.2f} s")
    await measure(ledger, filled, filled, count, preview=False)
    await measure(ledger, filled, filled + count * BATCH, count, preview=True)
    await ledger.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {memory:,.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="10 million persons")
    parser.add_argument("--folder", type=Path, help="where the ledger is written (default: /tmp)")
    options = parser.parse_args()
    filled, count = (10_000_000, 2_000) if options.full else (1_000_000, 500)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        asyncio.run(run(Path(folder), filled, count))
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
        print(f"on disk {size:,.0f} MB")


if __name__ == "__main__":
    main()
