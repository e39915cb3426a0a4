"""Peak memory of a large file export: `python -m benchmarks.memory --megabytes 5000`.

Typical orders are written to a file of each format that `silkgate export` takes record by record,
and exported by a process of its own (`benchmarks.resident`). The resident peak is the kernel's
(`VmHWM`), noted again and again on the way, so that growth shows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow.csv
import pyarrow.parquet
from rich.console import Console

from benchmarks import orders, tables
from benchmarks.figures import Cell, Ratio, Report, Table, show

MARK_MB: Final = 300
MOONSHOT_MB: Final = 220
SHORT_MB: Final = 32  # in the short run of all suites
_BLOCK: Final = 5_000  # orders made anew; blocks repeat with other order numbers


def run(report: Report, megabytes: int = SHORT_MB, formats: Collection[str] | None = None) -> None:
    """The memory suite, of all formats or these."""
    rows: list[list[Cell]] = []
    for suffix, write in _WRITERS.items():
        if formats and suffix[1:] not in formats:
            continue
        facts = _exported(suffix, write, megabytes)
        name = f"{suffix[1:]}, {facts['bytes'] / 1e6:,.0f} MB"
        what = f"peak resident memory, {name}"
        report.ratios.append(Ratio(what, facts["peak"], MARK_MB, MOONSHOT_MB, True, "MB"))
        rows.append([name, facts["records"], facts["before"], *facts["noted"], facts["seconds"]])
    columns = ["", "records", "MB at start", "at a quarter", "half", "three quarters", "end", "s"]
    if rows:
        report.tables.append(Table("Peak resident memory on the way", columns, rows))


def _exported(suffix: str, write: Callable[[Path, int], int], megabytes: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="silkgate-") as folder:
        source = Path(folder) / f"orders{suffix}"
        records = write(source, megabytes * 1_000_000)
        command = [sys.executable, "-m", "benchmarks.resident", str(source)]
        # As `silkgate` sets them.
        allocator = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=allocator)
        facts: dict[str, Any] = json.loads(done.stdout)
        assert facts["delivered"] == records, facts
        return facts | {"records": records, "bytes": source.stat().st_size}


def _blocks(target_bytes: int, written: Callable[[], int]) -> Iterator[list[dict[str, Any]]]:
    """Orders until the file is large enough; no two have the same number, phone or address."""
    made, number = orders.orders("typical", _BLOCK), 0
    while written() < target_bytes:
        for order in made:
            number += 1
            order["order_sn"] = f"SO{number:014d}"
            details = order["details"]
            details["receiver_phone"] = f"138{number % 100_000_000:08d}"
            details["receiver_address"] = f"广东省深圳市科技园南路{number}号"
            details["buyer_email"] = f"buyer{number}@mail.example.com"
        yield made


def _ndjson(path: Path, size: int) -> int:
    records = 0
    with path.open("wb") as file:
        for block in _blocks(size, file.tell):
            file.write(orders.as_lines(block))
            records += len(block)
    return records


def _csv(path: Path, size: int) -> int:
    records = 0
    with path.open("wb") as file:
        for block in _blocks(size, file.tell):
            options = pyarrow.csv.WriteOptions(include_header=not records)
            pyarrow.csv.write_csv(tables.table(block), file, options)
            records += len(block)
    return records


def _parquet(path: Path, size: int) -> int:
    records = 0
    file: BinaryIO
    with path.open("wb") as file:
        writer: Any = None
        for block in _blocks(size, file.tell):
            table = tables.table(block)
            writer = writer or pyarrow.parquet.ParquetWriter(file, table.schema)
            writer.write_table(table.cast(writer.schema))
            records += len(block)
        writer.close()
    return records


_WRITERS: Final = {".ndjson": _ndjson, ".csv": _csv, ".parquet": _parquet}


def main() -> None:
    """Measure each format, or one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1_000, help="size of each file")
    parser.add_argument("--format", choices=[suffix[1:] for suffix in _WRITERS], action="append")
    options = parser.parse_args()
    report = Report("memory")
    run(report, options.megabytes, options.format)
    show(report, Console())


if __name__ == "__main__":
    main()
