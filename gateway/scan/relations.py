"""Rows of a database table as columns, named as their comments explain them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from classifiers.fields import label_of
from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.places import escape, fold


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column of a database table. `comment` is what its schema says of it, "" for nothing."""

    name: str
    comment: str = ""

    @property
    def told(self) -> str:
        """The name that tells more: the comment where the name itself says nothing."""
        if self.comment and label_of(self.name) is None and label_of(self.comment) is not None:
            return self.comment
        return self.name


def batch_of(attributes: Sequence[Attribute], rows: Sequence[Sequence[Any]]) -> tuple[Batch, int]:
    """The `rows` in columns, and how many cells hold bytes that are no text.

    NULL is no cell. Numbers, dates and times are read as the texts they are written as.
    """
    names = [attribute.name for attribute in attributes]
    columns = [Column(KEY_PREFIX, "", CellKind.KEY, names, (), (), ())]
    unread = size = handle = 0
    for position, attribute in enumerate(attributes):
        texts: list[str] = []
        at: list[int] = []
        numeric = True
        for row, values in enumerate(rows):
            value = values[position]
            if value is None:
                continue
            if isinstance(value, bytes | bytearray | memoryview):
                text = _text(bytes(value))
                if text is None:
                    unread += 1
                    continue
                value = text
            numeric = numeric and isinstance(value, int | float)
            texts.append(str(value))
            at.append(row)
        distinct, refs = fold(texts)
        size += sum(map(len, texts))
        kind = CellKind.NUMBER if numeric and texts else CellKind.TEXT
        pointer = f"/{escape(attribute.name)}"
        handles = range(handle, handle + len(texts))
        columns.append(Column(pointer, attribute.told, kind, distinct, at, refs, handles))
        handle += len(texts)
    return Batch(columns, records=len(rows), source_bytes=size), unread


def _text(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
