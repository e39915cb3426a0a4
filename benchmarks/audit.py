"""Audit log figures: entries per second beside this disk's fdatasync, verification, size.

    python -m benchmarks.audit [--seconds 2] [--dir DIR] [--large]

Prints JSON. Rates are medians of three rounds; the log and the bare disk take turns, so that
both see the same neighbours. `--large` adds recovery at a million entries and proofs in a tree
of ten million leaves (a few minutes).
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import reader, segments, tree
from audit_log.frames import MAX_GROUP
from audit_log.log import AuditLog
from audit_log.note import Signer
from audit_log.tiles import TiledTree, TileFiles
from audit_log.tree import leaf_hash
from audit_log.verify import verify
from benchmarks.clock import cpu_seconds

ROUNDS = 3
IN_FLIGHT = (1, 16, 64, 256)
BODY: dict[str, Any] = {
    "kind": "export",
    "released": True,
    "rid": "7f3c1c0e5b6a4d0c9a1c1b6a3f0e9d21",
    "decision_id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "caller": "orders-service",
    "exporter": "acme-cn",
    "route": "sg-fulfilment",
    "origin": "CN",
    "destination": "SG",
    "recipient": "Partner Logistics Pte Ltd",
    "purpose": "order_fulfilment",
    "revision": "c" * 64,
    "bytes_in": 840,
    "bytes_out": 812,
    "records": 1,
    "groups": [{"shape": "d" * 64, "outcome": "allow", "records": 1}],
    "inspection": {"bytes": 840, "cells": 31, "values": 29, "detectors": "e" * 64, "skipped": 0},
}


def fdatasync_rate(directory: Path, seconds: float) -> float:
    """4 KiB appends made durable one by one, per second."""
    path = directory / "bare"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    block = b"x" * 4096
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        os.write(fd, block)
        os.fdatasync(fd)
        count += 1
    os.close(fd)
    path.unlink()
    return count / seconds


async def append_rate(
    append: Callable[[], Awaitable[Any]], in_flight: int, seconds: float
) -> tuple[float, list[float]]:
    """Appends per second with `in_flight` callers, and each call's time."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def caller() -> None:
        while (start := time.perf_counter()) < end:
            await append()
            times.append(time.perf_counter() - start)

    await asyncio.gather(*(caller() for _ in range(in_flight)))
    return len(times) / seconds, sorted(times)


async def measure_append(root: Path, seconds: float) -> dict[str, Any]:
    """Rates and latencies, in turn with the bare disk."""
    options = log_options(root)
    AuditLog.create(root / "log", **options)
    log = AuditLog.open(root / "log", **options)
    bare: list[float] = []
    rows: dict[int, list[tuple[float, ...]]] = {one: [] for one in IN_FLIGHT}
    for _ in range(ROUNDS):
        for in_flight in IN_FLIGHT:
            bare.append(await asyncio.to_thread(fdatasync_rate, root, seconds / 4))
            cpu = time.process_time()
            rate, times = await append_rate(lambda: log.append([BODY]), in_flight, seconds)
            cpu = (time.process_time() - cpu) / len(times)
            p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
            rows[in_flight].append((rate, p50, p99, rate / bare[-1], cpu))
    await log.close()
    medians = {
        one: [statistics.median(column) for column in zip(*row, strict=True)]
        for one, row in rows.items()
    }
    return {
        "fdatasync_per_s": round(statistics.median(bare)),
        "in_flight": {
            one: {
                "entries_per_s": round(rate),
                "p50_ms": round(p50 * 1000, 2),
                "p99_ms": round(p99 * 1000, 2),
                "times_fdatasync": round(times, 1),
                "cpu_us": round(cpu * 1_000_000, 1),
            }
            for one, (rate, p50, p99, times, cpu) in medians.items()
        },
    }


def measure_verify(root: Path) -> dict[str, Any]:
    """Verification rate and size of the log that was written."""
    options = log_options(root)
    vkey = str(Signer(options["origin"], options["key"]).verifier)
    entries = [data for _, data in reader.entries(root / "log")]
    rates, cpu, bare = [], [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        cpu.append(cpu_seconds(lambda: verified(root / "log", vkey)))
        rates.append(len(entries) / (time.perf_counter() - start))
        bare.append(cpu_seconds(lambda: bare_hashes(entries)))
    return {
        "entries": len(entries),
        "verify_entries_per_s": round(statistics.median(rates)),
        "verify_entries_per_cpu_s": round(len(entries) / min(cpu)),
        "verify_times_bare_leaf_hashing": round(min(cpu) / min(bare), 1),
        "bytes_per_entry": round(size_on_disk(root / "log") / len(entries)),
        "entry_bytes": len(json.dumps(BODY, separators=(",", ":"))),
    }


def bare_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """Leaf hashes as plain `hashlib` makes them: the least that a verifier in Python does."""
    return [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]


def verified(directory: Path, vkey: str, workers: int = 1) -> None:
    """Verify the log that was just written."""
    report = verify(directory, vkey=vkey, workers=workers)
    if not report.ok:
        raise SystemExit(f"the log does not verify: {report.problems}")


async def seal_log(root: Path, entries: int) -> None:
    """Write a log whose segments are all sealed but the last."""
    options = log_options(root)
    AuditLog.create(root / "log", **options)
    log = AuditLog.open(root / "log", **options)
    for _ in range(entries // MAX_GROUP):
        await log.append([BODY] * MAX_GROUP)
    await log.close()
    while segments.unsealed(root / "log"):  # sealing goes on in the next run
        log = AuditLog.open(root / "log", **options)
        await asyncio.sleep(1)
        await log.close()


def measure_sealed(root: Path, entries: int) -> dict[str, Any]:
    """Verification of sealed segments, in one process and in one for each core."""
    uvloop.run(seal_log(root, entries))
    options = log_options(root)
    vkey = str(Signer(options["origin"], options["key"]).verifier)
    rates = {}
    for workers in (1, os.cpu_count() or 1):
        start = time.perf_counter()
        verified(root / "log", vkey, workers)
        rates[f"{workers}_workers"] = round(entries / (time.perf_counter() - start))
    held = [data for _, data in reader.entries(root / "log", 0, entries // 8)]
    cpu, bare = [], []
    for _ in range(ROUNDS):
        cpu.append(cpu_seconds(lambda: verified(root / "log", vkey)))
        bare.append(cpu_seconds(lambda: bare_hashes(held)) * entries / len(held))
    return {
        "entries": entries,
        "verify_entries_per_s": rates,
        "verify_entries_per_cpu_s": round(entries / min(cpu)),
        "verify_times_bare_leaf_hashing": round(min(cpu) / min(bare), 1),
        "bytes_per_entry": round(size_on_disk(root / "log") / entries),
    }


async def measure_recovery(root: Path) -> dict[str, Any]:
    """Time to open a log of many entries, nearly all of them sealed."""
    options = log_options(root)
    start, cpu = time.perf_counter(), time.process_time()
    log = AuditLog.open(root / "log", **options)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    await log.close()
    return {"entries": log.size, "open_s": round(seconds, 2), "open_cpu_s": round(cpu, 2)}


def measure_proofs(root: Path, leaves: int) -> dict[str, Any]:
    """Time of one inclusion proof, from tiles on disk to verified."""
    grown = TiledTree()
    step = 1 << 16
    for first in range(0, leaves, step):
        hashes = [leaf_hash(b"%d" % one) for one in range(first, min(first + step, leaves))]
        for tile in grown.extend(hashes):
            write_plain(root / tile.path, tile.data)
    for tile in grown.partial():
        write_plain(root / tile.path, tile.data)
    times = []
    for number in range(200):
        index = number * leaves // 200
        start = time.perf_counter()
        proof = tree.inclusion_proof(index, leaves, TileFiles(root).subtree(leaves))
        tree.verify_inclusion(leaf_hash(b"%d" % index), index, leaves, proof, grown.root)
        times.append(time.perf_counter() - start)
    times.sort()
    return {
        "leaves": leaves,
        "proof_p50_ms": round(times[100] * 1000, 2),
        "proof_p99_ms": round(times[198] * 1000, 2),
    }


def write_plain(path: Path, data: bytes) -> None:
    """Write a file that need not survive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def size_on_disk(directory: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def log_options(root: Path) -> dict[str, Any]:
    """One fixed identity for the run."""
    return {
        "origin": "bench.example/log",
        "node": "node-1",
        "key": Ed25519PrivateKey.from_private_bytes(b"b" * 32),
        "state": root / "last-signed",
    }


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one measurement")
    parser.add_argument("--dir", type=Path, default=Path.cwd(), help="disk to measure on")
    parser.add_argument("--large", action="store_true", help="recovery and proofs at size")
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="audit-bench-", dir=arguments.dir))
    try:
        figures = uvloop.run(measure_append(root, arguments.seconds))
        figures |= measure_verify(root)
        sealed = root / "sealed"
        sealed.mkdir()
        figures["sealed"] = measure_sealed(sealed, 1_000_000 if arguments.large else 300_000)
        if arguments.large:
            figures["recovery"] = uvloop.run(measure_recovery(sealed))
            figures["proofs"] = measure_proofs(root / "leaves", 10_000_000)
    finally:
        shutil.rmtree(root)
    figures["machine"] = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
