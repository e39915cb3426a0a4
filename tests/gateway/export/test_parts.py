"""One request as one batch: handles of its parts stay apart whatever the body's codec calls its
cells."""

from __future__ import annotations

import pytest

from gateway.codecs.model import Edit, Piece
from gateway.export.parts import Message, decode

BODIES = {
    "application/json": b'{"a": "x"}',
    "application/x-ndjson": b'{"a": "x"}\n',
    "text/csv": b"a,b\n1,x\n",
    "text/plain": b"\n\nx\n",
    "application/x-www-form-urlencoded": b"b&a=x",
    "application/xml": b"<a b='1'>x</a>",
    "multipart/form-data; boundary=b": (
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n'
    ),
}


@pytest.mark.parametrize("media", BODIES)
@pytest.mark.parametrize("key_cells", [False, True])
def test_every_cell_can_be_edited_alone(media: str, key_cells: bool) -> None:
    """An edit of one cell changes that cell, wherever it stands."""
    headers = (("content-type", media), ("prefer", "x"))
    message = Message(("p", "x"), "q=x", headers, BODIES[media], media)
    parts = decode(message, key_cells=key_cells)
    handles = [handle for column in parts.batch.columns for handle in column.handles]
    assert len(set(handles)) == len(handles)
    for column in parts.batch.columns:
        for ref, handle in zip(column.refs, column.handles, strict=True):
            if column.values[ref] != "x":
                continue
            out = parts.encode({handle: Edit((Piece(0, 1, "yy"),))})
            again = decode(out)
            (where,) = [c.pointer for c in again.batch.columns if "yy" in c.values]
            assert where == column.pointer
            assert parts.path_edited({handle: Edit(())}) == column.pointer.startswith("path:")
            in_head = column.pointer.partition(":")[0] in ("path", "query", "header")
            assert parts.head_edited({handle: Edit(())}) == in_head
