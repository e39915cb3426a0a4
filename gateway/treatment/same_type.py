"""`output = "same-type"`: a treated JSON value keeps its type, so that a schema's types still hold.

What a treatment leaves of a string is a string already; a removed one becomes an empty string. A
number that was treated to something that is none becomes 0, a boolean false: the recipient cannot
tell them from values, which the route says aloud by choosing this. Formats and enumerations of a
schema are not known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from classifiers.model import Batch, CellKind
from gateway.codecs.model import Change, Edit, Piece, splice

MEDIA: Final = frozenset({"application/json", "application/jsonl", "application/x-ndjson"})
_IN_PLACE: Final = {CellKind.TEXT: "", CellKind.NUMBER: "0", CellKind.BOOLEAN: "false"}
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)


def same_type(batch: Batch, edits: Mapping[int, Change]) -> dict[int, Change]:
    """`edits`, but what would be of another type is a value of the same one."""
    kept = dict(edits)
    for column in batch.columns:
        stand_in = _IN_PLACE.get(column.kind)
        for ref, handle in zip(column.refs, column.handles, strict=True):
            change = edits.get(handle)
            if change is None or stand_in is None:
                continue
            text = column.values[ref]
            new = "".join(splice(text, change)) if isinstance(change, Edit) else None
            if new is None or not _fits(column.kind, new):
                kept[handle] = Edit((Piece(0, len(text), stand_in),))
    return kept


def _fits(kind: CellKind, text: str) -> bool:
    if kind is CellKind.NUMBER:
        return _NUMBER.fullmatch(text) is not None
    return kind is CellKind.TEXT or text in ("true", "false")
