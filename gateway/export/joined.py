"""Bodies decoded as the records of one batch, and the columns of one message by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

import msgspec

from classifiers.model import KEY_PREFIX, Batch, CellKind, Column, NotAlike
from gateway.codecs.query import decode as decode_query
from gateway.codecs.walked import WalkedDocument, walked
from gateway.export.parts import Message

_ELEMENT: Final = "/*"  # where the bodies stand in the array that they are joined to


@dataclass(frozen=True, slots=True)
class Joined:
    """Messages decoded as the records of one batch."""

    document: WalkedDocument
    batch: Batch
    bounds: Sequence[tuple[int, int]]  # where each body stands in the joined one
    in_body: int  # columns of the bodies; those after them are of paths, queries and headers


def _len_of(columns: Sequence[Column]) -> int:
    """How many cells `columns` hold."""
    return sum([len(column.handles) for column in columns])


def join(messages: Sequence[Message]) -> Joined:
    """Decode `messages`, whose bodies are JSON objects. Raises `NotAlike`."""
    bounds: list[tuple[int, int]] = []
    at = 1
    for message in messages:
        bounds.append((at, at + len(message.body)))
        at += len(message.body) + 1
    document = walked(b"[%b]" % b",".join([message.body for message in messages]))
    if document is None or document.batch.records != len(messages):
        raise NotAlike("the bodies cannot be read together")
    columns = [_of_a_body(column) for column in document.batch.columns]
    in_body, base = len(columns), _len_of(columns)
    for column in _heads(messages):
        cells = range(base, base + len(column.handles))
        columns.append(msgspec.structs.replace(column, handles=cells))
        base += len(column.handles)
    batch = Batch(columns, len(messages), sum([message.size for message in messages]))
    return Joined(document, batch, bounds, in_body)


def _of_a_body(column: Column) -> Column:
    """A column of the joined body as one body by itself has it."""
    place = KEY_PREFIX if column.kind is CellKind.KEY else ""
    if not column.pointer.startswith(place + _ELEMENT):
        raise NotAlike("a body is no object")
    pointer = place + column.pointer[len(place) + len(_ELEMENT) :]
    return msgspec.structs.replace(column, pointer=pointer)


def _heads(messages: Sequence[Message]) -> list[Column]:
    """The columns of queries (the same in all), paths and headers, in the order of `parts`."""
    first = messages[0]
    columns = list(decode_query(first.query.encode("ascii"), prefix="query:").batch.columns)
    for place in range(len(first.segments)):
        texts = [_unquoted(message.segments[place]) for message in messages]
        columns.append(_one_each(f"path:/{place}", "", texts))
    for place, (name, _) in enumerate(first.headers):
        texts = [message.headers[place][1] for message in messages]
        columns.append(_one_each(f"header:/{name}", name, texts))
    return columns


def _unquoted(segment: str) -> str:
    try:
        return unquote(segment, errors="strict")
    except UnicodeDecodeError:
        raise NotAlike("a path is malformed") from None


def _one_each(pointer: str, name: str, texts: Sequence[str]) -> Column:
    values = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    rows = range(len(texts))
    return Column(
        pointer, name, CellKind.TEXT, list(values), rows, [values[text] for text in texts], rows
    )


def rows_of_handles(columns: Sequence[Column]) -> list[int]:
    """The record of each cell, by handle."""
    return [row for column in columns for row in column.rows]


def only(batch: Batch, rows: frozenset[int]) -> Batch:
    """The batch without the cells of other records; shared cells stay."""
    columns = []
    for column in batch.columns:
        places = [n for n, row in enumerate(column.rows) if row in rows or row < 0]
        columns.append(
            msgspec.structs.replace(
                column,
                rows=[column.rows[n] for n in places],
                refs=[column.refs[n] for n in places],
                handles=[column.handles[n] for n in places],
            )
            if len(places) < len(column.rows)
            else column
        )
    return Batch(columns, batch.records, batch.source_bytes)


def renumbered(batch: Batch, numbers: Sequence[int], records: int) -> Batch:
    """The batch with each record under another number."""
    columns = [
        msgspec.structs.replace(
            column, rows=[numbers[row] if row >= 0 else row for row in column.rows]
        )
        for column in batch.columns
    ]
    return Batch(columns, records, batch.source_bytes)
