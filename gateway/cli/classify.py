"""`silkgate classify`: which categories of data a file holds, and where."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec
import typer
from rich.table import Table

from classifiers.classify import Classifier
from classifiers.model import Batch, Classification, DetectionIncomplete, Finding
from classifiers.registry import default_registry
from gateway.cache import cache_dir
from gateway.cli import files
from gateway.cli.terminal import CANNOT_DECIDE, console, fail, print_json


def run(source: str, format_: str, output: str) -> None:
    """Classify the file `source` and print its findings."""
    batch = files.read(source, format_).batch
    try:
        found = Classifier(default_registry(), cache_dir=cache_dir()).classify(batch)
    except DetectionIncomplete as error:
        fail(str(error), CANNOT_DECIDE)
    if output == "table":
        console.print(_table(batch, found))
        return
    by_record = records(batch, found)
    if output == "json":
        print_json(by_record)
        return
    for record in by_record:
        typer.echo(msgspec.json.encode(record))


def records(batch: Batch, found: Classification) -> list[dict[str, Any]]:
    """One object a record, with its findings in the order of pointer and start."""
    of_record: dict[int, list[dict[str, Any]]] = defaultdict(list)
    values: dict[int, dict[int, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in found.findings:
        values[finding.column][finding.value].append(finding)
    for index, by_value in values.items():
        column = batch.columns[index]
        for row, ref in zip(column.rows, column.refs, strict=True):
            described = [_described(found.pointers[index], each) for each in by_value.get(ref, ())]
            of_record[row].extend(described)
    everywhere = of_record.pop(-1, [])
    return [
        {
            "record": row,
            "findings": sorted(
                [*of_record[row], *everywhere], key=lambda f: (f["pointer"], f["start"])
            ),
        }
        for row in range(batch.records)
    ]


def _described(pointer: str, finding: Finding) -> dict[str, Any]:
    return {
        "pointer": pointer,
        "start": finding.start,
        "end": finding.end,
        "entity": finding.entity,
        "category": finding.category,
        "level": finding.level.value,
        "verdict": finding.verdict.value,
        "score": finding.score,
        "detector": finding.detector,
    }


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
    table.caption = f"{batch.records} records, {batch.cells} cells"
    return table
