"""`silkgate classify`: which categories of data a file holds, and where."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typer
from rich.table import Table

from classifiers.aggregate import Aggregate, aggregates
from classifiers.contract import kinds
from classifiers.model import Batch, Classification, DetectionIncomplete
from classifiers.scale import Scale, told
from gateway.cli import files
from gateway.cli.detecting import looking
from gateway.cli.terminal import CANNOT_DECIDE, console, fail, print_json
from gateway.export.transfer import china_today
from gateway.findings import by_record


def run(source: str, format_: str, output: str, config: Path | None, route: str) -> None:
    """Classify the file `source` and print its findings; `config` and its `route` say more."""
    batch = files.read(source, format_).batch
    look = looking(config, route)
    try:
        found = look.classifier.classify(
            batch, declared=look.declared, coded=look.coded, on=china_today(datetime.now(UTC))
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
    drifts = kinds(found.drift)
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    cells = [defaultdict[int, int](int) for _ in batch.columns]
    for index, column in enumerate(batch.columns):
        for ref in column.refs:
            cells[index][ref] += 1
    for finding in found.findings:
        key: tuple[str, ...] = (
            found.pointers[finding.column],
            finding.category,
            finding.level.value,
            finding.verdict.value,
            finding.detector,
            " ".join(filter(None, (finding.reason, drifts.get(found.pointers[finding.column])))),
        )
        counts[key] += max(cells[finding.column][finding.value], 1)
    table = Table("pointer", "category", "level", "verdict", "detector", "why", "cells", box=None)
    for key, count in sorted(counts.items()):
        table.add_row(*key, str(count))
    rules: list[Aggregate | Scale] = [*aggregates(found), *told(found.findings)]
    notes = [f"{each.code}: {each.en}" for each in rules]
    table.caption = "\n".join([f"{batch.records} records, {batch.cells} cells", *notes])
    return table
