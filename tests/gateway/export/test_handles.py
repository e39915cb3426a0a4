"""An edit reaches the part of the request that it was made for, whatever the body's format."""

from __future__ import annotations

import pytest

from gateway.codecs.model import Edit, Piece
from gateway.export import parts
from gateway.export.parts import Message

NEW = "19900000000"
BOUNDARY = "multipart/form-data; boundary=xyz"
FORM = (
    b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n13800138000\r\n'
    b'--xyz\r\nContent-Disposition: form-data; name="b"; filename="13800138000"\r\n\r\n'
    b"13800138000\r\n--xyz--\r\n"
)
BODIES = {
    "application/json": b'{"a": "13800138000", "b": ["13800138000"]}',
    "application/x-ndjson": b'{"a": "13800138000"}\n{"a": "13800138000"}\n',
    "text/csv": b"a,b\n13800138000,13800138000\n13800138000,13800138000\n",
    "application/x-www-form-urlencoded": b"a=13800138000&b=13800138000",
    "application/xml": b'<r a="13800138000"><b>13800138000</b></r>',
    "text/plain": b"13800138000\n13800138000\n",
    BOUNDARY: FORM,
}


@pytest.mark.parametrize("key_cells", [False, True])
@pytest.mark.parametrize("media", BODIES)
def test_every_cell_is_edited_where_it_stands(media: str, key_cells: bool) -> None:
    """Each value is changed by itself: one number fewer in that part, all others as they were."""
    body = BODIES[media]
    query = "q=13800138000&r=13800138000"
    headers = (("X-One", "13800138000"), ("X-Two", "13800138000"))
    message = Message(("p", "13800138000"), query, headers, body, media)
    decoded = parts.decode(message, key_cells=key_cells)
    for column in decoded.batch.columns:
        for ref, handle in zip(column.refs, column.handles, strict=True):
            if column.values[ref] != "13800138000":
                continue
            edits = {handle: Edit((Piece(0, 11, NEW),))}
            sent = decoded.encode(edits)
            new = {
                "": sent.body.count(NEW.encode()),
                "query:": sent.query.count(NEW),
                "path:": "/".join(sent.segments).count(NEW),
                "header:": " ".join(value for _, value in sent.headers).count(NEW),
            }
            where = next((p for p in new if p and column.pointer.startswith(p)), "")
            assert new == {**dict.fromkeys(new, 0), where: 1}, column.pointer
            assert decoded.path_edited(edits) == (where == "path:")
            assert decoded.head_edited(edits) == (where != "")
