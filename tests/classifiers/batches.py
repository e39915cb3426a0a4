"""Records to batches, the plainest way, so that tests need no codec."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from classifiers.model import Batch, CellKind, Classification, Column


def batch_of(records: Iterable[Any]) -> Batch:
    """A batch of JSON-like records; object keys become KEY columns as codecs make them."""
    places: dict[tuple[str, CellKind], tuple[str, dict[str, int], list[int], list[int]]] = {}
    rows = list(records)
    for row, record in enumerate(rows):
        for pointer, name, kind, text in _cells(record, "", ""):
            _, values, at, refs = places.setdefault((pointer, kind), (name, {}, [], []))
            at.append(row)
            refs.append(values.setdefault(text, len(values)))
    columns = []
    handle = 0
    for (pointer, kind), (name, values, at, refs) in places.items():
        columns.append(
            Column(pointer, name, kind, list(values), at, refs, range(handle, handle + len(refs)))
        )
        handle += len(refs)
    return Batch(columns, len(rows), 0)


def _cells(value: Any, pointer: str, name: str) -> Iterator[tuple[str, str, CellKind, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield f"key:{pointer}", "", CellKind.KEY, key
            escaped = key.replace("~", "~0").replace("/", "~1")
            yield from _cells(inner, f"{pointer}/{'~2' if escaped == '*' else escaped}", key)
    elif isinstance(value, list):
        for inner in value:
            yield from _cells(inner, f"{pointer}/*", name)
    elif isinstance(value, bool):
        yield pointer, name, CellKind.BOOLEAN, json.dumps(value)
    elif isinstance(value, int | float):
        yield pointer, name, CellKind.NUMBER, json.dumps(value)
    elif value is not None:
        yield pointer, name, CellKind.TEXT, value


def spans(batch: Batch, result: Classification) -> list[tuple[str, str, str, str]]:
    """(pointer, text, detector, verdict) of every finding."""
    return [
        (
            batch.columns[finding.column].pointer,
            batch.columns[finding.column].values[finding.value][finding.start : finding.end],
            finding.detector,
            finding.verdict.value,
        )
        for finding in result.findings
    ]
