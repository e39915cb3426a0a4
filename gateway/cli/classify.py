"""`silkgate classify`: which categories of data a file holds, and where."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import msgspec
import typer
from rich.table import Table

from classifiers.aggregate import aggregates
from classifiers.classify import Classifier
from classifiers.model import Batch, Classification, DetectionIncomplete
from classifiers.registry import default_registry
from gateway.cache import cache_dir
from gateway.cli import files
from gateway.cli.terminal import CANNOT_DECIDE, console, fail, print_json
from gateway.export.transfer import china_today
from gateway.findings import by_record


def run(source: str, format_: str, output: str) -> None:
    """Classify the file `source` and print its findings."""
    batch = files.read(source, format_).batch
    try:
        found = Classifier(default_registry(), cache_dir=cache_dir()).classify(
            batch, on=china_today(datetime.now(UTC))
        )
    except DetectionIncomplete as error:
        fail(str(error), CANNOT_DECIDE)
    if output == "table":
        console.print(_table(batch, found))
        return
    records = by_record(batch, found)
    if output == "json":
        print_json(records)
        return
    for record in records:
        typer.echo(msgspec.json.encode(record))


def _table(batch: Batch, found: Classification) -> Table:
    """Findings counted by place, category and verdict."""
    counts: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    cells = [defaultdict[int, int](int) for _ in batch.columns]
    for index, column in enumerate(batch.columns):
        for ref in column.refs:
            cells[index][ref] += 1
    for finding in found.findings:
        key = (
            found.pointers[finding.column],
            finding.category,
            finding.level.value,
            finding.verdict.value,
            finding.detector,
        )
        counts[key] += max(cells[finding.column][finding.value], 1)
    table = Table("pointer", "category", "level", "verdict", "detector", "cells", box=None)
    for key, count in sorted(counts.items()):
        table.add_row(*key, str(count))
    notes = [f"{each.code}: {each.en}" for each in aggregates(found)]
    table.caption = "\n".join([f"{batch.records} records, {batch.cells} cells", *notes])
    return table
