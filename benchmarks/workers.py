"""What worker processes gain: `python -m benchmarks workers`.

A file export of typical orders with no workers and with two, beside what this machine gives two
bare processes that only compute: exports of their own, each with its own log and ledger, alone and
both at once. By the clock, since cores are what is measured; turns alternate and the best counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks import orders
from benchmarks.contestants import KEY
from benchmarks.figures import Ratio, Report, Table
from benchmarks.node import ROUTE, prepared
from gateway.node import running
from gateway.streams.collection import collect_rarely
from gateway.streams.files import FileExport

MARK: Final = 0.85
WORKERS: Final = 2
RECORDS: Final = 16_000
_TURNS: Final = 3


def run(report: Report, records: int = RECORDS) -> None:
    """The workers suite."""
    with tempfile.TemporaryDirectory(prefix="silkgate-") as folder:
        source = Path(folder) / "orders.ndjson"
        source.write_bytes(orders.as_lines(orders.orders("typical", records)))
        alone, together, worked = [], [], []
        for _ in range(_TURNS):
            alone += _seconds(source, 1, processes=1)
            together.append(max(_seconds(source, 1, processes=WORKERS)))
            worked += _seconds(source, WORKERS, processes=1)
    bare = WORKERS * min(alone) / min(together)
    gained = min(alone) / min(worked)
    report.ratios.append(
        Ratio(
            "file export, two workers: gain over one, of two bare processes'", gained / bare, MARK
        )
    )
    rows = [
        ["one process", records / min(alone), 1.0],
        ["two bare processes, each its own export", WORKERS * records / min(together), bare],
        ["one export with two workers", records / min(worked), gained],
    ]
    report.tables.append(Table("File export, typical orders", ["", "records/s", "gain"], rows))


def _seconds(source: Path, workers: int, *, processes: int) -> list[float]:
    """How long `processes` at once take to export the file, each, short of starting."""
    command = [sys.executable, "-m", "benchmarks.workers"]
    command += ["--export", str(source), "--workers", str(workers)]
    begun = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    for each in begun:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    return [float(json.loads(text)) for text in _answers(begun)]


def _answers(begun: list[subprocess.Popen[str]]) -> list[str]:
    for each in begun:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    return [each.communicate()[0] for each in begun]


async def _export(source: Path, workers: int, root: Path) -> float:
    async with running(prepared(root, 1, KEY), workers=workers) as node:
        collect_rarely()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        started = time.monotonic()
        await FileExport(node, node.routes[ROUTE], source, root / "out.ndjson").run()
        return time.monotonic() - started


def main() -> None:
    """Be what is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers", description=__doc__)
    parser.add_argument("--export", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="silkgate-") as folder:
        print(json.dumps(asyncio.run(_export(options.export, options.workers, Path(folder)))))


if __name__ == "__main__":
    main()
