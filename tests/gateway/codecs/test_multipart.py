"""Multipart forms, against aiohttp's own writer."""

from __future__ import annotations

import pytest
from aiohttp import FormData
from aiohttp.abc import AbstractStreamWriter
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.model import REMOVE, CodecFault, Edit, MalformedBody, Piece, UnsupportedMedia
from gateway.codecs.registry import decoder_for

_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\"), max_size=6)
TYPE = "multipart/form-data; boundary=xYz"
BODY = (
    "--xYz\r\n"
    'Content-Disposition: form-data; name="phone"\r\n\r\n'
    "13800138000\r\n"
    "--xYz\r\n"
    'content-disposition: form-data; name="order"; filename="张三 %22a%22.json"\r\n'
    "Content-Type: application/json\r\n\r\n"
    '{"name": "张三", "n": [1.10]}\r\n'
    "--xYz--\r\n"
).encode()


def _cells(body: bytes, content_type: str = TYPE) -> dict[tuple[str, str], int]:
    return {
        (column.pointer, column.values[ref]): handle
        for column in decoder_for(content_type)(body).batch.columns
        for ref, handle in zip(column.refs, column.handles, strict=True)
    }


class _Sink(AbstractStreamWriter):
    """Collects what a form writes."""

    def __init__(self) -> None:
        self.data = b""

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        self.data += bytes(chunk)

    async def write_eof(self, chunk: bytes = b"") -> None: ...

    async def drain(self) -> None: ...

    def enable_compression(self, *args: object, **kwargs: object) -> None: ...

    def enable_chunking(self) -> None: ...

    async def write_headers(self, *args: object, **kwargs: object) -> None: ...


async def test_a_form_as_a_client_writes_it() -> None:
    """aiohttp's fields and files are read, each under its name."""
    form = FormData(default_to_multipart=True, quote_fields=False)
    form.add_field("phone", "13800138000")
    form.add_field("doc", '{"a": "x"}', filename="li.json", content_type="application/json")
    payload = form()
    sink = _Sink()
    await payload.write(sink)
    cells = _cells(sink.data, payload.headers["Content-Type"])
    assert set(cells) == {("/phone", "13800138000"), ("file:/doc", "li.json"), ("/doc/a", "x")}


def test_parts_are_read_by_their_type() -> None:
    """Fields, typed parts and file names are cells; part names are keys."""
    assert set(_cells(BODY)) == {
        ("/phone", "13800138000"),
        ("file:/order", '张三 "a".json'),
        ("/order/name", "张三"),
        ("/order/n/*", "1.10"),
    }
    keys = decoder_for(TYPE)(BODY).batch.columns[0]
    assert (keys.pointer, list(keys.values)) == ("key:", ["phone", "order"])


def test_edits_land_in_their_part() -> None:
    """A field, a file name and a cell of a typed part; all else stays."""
    cells = _cells(BODY)
    out = decoder_for(TYPE)(BODY).encode(
        {
            cells["/phone", "13800138000"]: REMOVE,
            cells["file:/order", '张三 "a".json']: Edit((Piece(0, 2, 'x"y'),)),
            cells["/order/name", "张三"]: REMOVE,
        }
    )
    want = BODY.replace(b"13800138000", b"").replace('"张三"'.encode(), b"null")
    assert out == want.replace("张三 %22a".encode(), b"x%22y %22a")


@given(st.dictionaries(_TEXT, _TEXT, min_size=1, max_size=3), _TEXT)
def test_fields_are_rewritten(fields: dict[str, str], new: str) -> None:
    """Idle edits keep all bytes; every field and name can be changed."""
    parts = "".join(
        f'--xYz\r\nContent-Disposition: form-data; name="{name.replace(chr(34), "%22")}"\r\n\r\n'
        f"{text}\r\n"
        for name, text in fields.items()
    )
    body = f"{parts}--xYz--".encode()
    document = decoder_for(TYPE)(body, key_cells=True)
    keys, *columns = document.batch.columns
    assert [column.values[0] for column in columns] == list(fields.values())
    handles = [handle for column in (keys, *columns) for handle in column.handles]
    assert document.encode({handle: Edit(()) for handle in handles}) == body
    edits = {c.handles[0]: Edit((Piece(0, len(c.values[0]), new),)) for c in columns}
    again = decoder_for(TYPE)(document.encode(edits)).batch
    assert [column.values[0] for column in again.columns[1:]] == [new] * len(fields)


def test_part_names_can_be_changed_but_not_removed() -> None:
    """As any key."""
    document = decoder_for(TYPE)(BODY, key_cells=True)
    handle = document.batch.columns[0].handles[0]
    assert document.encode({handle: Edit((Piece(0, 5, "<P_1>"),))}) == BODY.replace(
        b'name="phone"', b'name="<P_1>"'
    )
    with pytest.raises(CodecFault):
        document.encode({handle: REMOVE})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"--xYz\r\n", b"pre\r\n--xYz\r\n"),
        (b"--xYz--\r\n", b"--xYz--\r\nepilogue"),
        (b"--xYz--\r\n", b""),
        (b"--xYz--\r\n", b"--xYz\r\n"),
        (b"--xYz\r\ncontent", b"--xYzz\r\ncontent"),
        (b"\r\n\r\n13800138000", b"13800138000"),
        (b"form-data; name=", b"attachment; name="),
        (b'name="phone"', b"name=phone"),
        (b'name="phone"', b"name=\"phone\"; filename*=UTF-8''x"),
        (b'name="phone"\r\n', b'name="phone"\r\nContent-Transfer-Encoding: base64\r\n'),
        (b'name="phone"\r\n', b'name="phone"\r\nContent-Length: -1\r\n'),
        (b'name="phone"\r\n', b'name="phone"\r\nContent-Disposition: form-data; name="x"\r\n'),
        (b'name="phone"', b'name="\xff"'),
        (b"13800138000", b"\xff"),
    ],
)
def test_forms_that_others_may_read_otherwise_are_refused(old: bytes, new: bytes) -> None:
    """Preamble, epilogue, missing ends, strange or doubled header fields, bad bytes."""
    assert old in BODY
    with pytest.raises(MalformedBody):
        decoder_for(TYPE)(BODY.replace(old, new, 1))


@pytest.mark.parametrize(
    "media", [b"application/octet-stream", b"multipart/mixed; boundary=q", b"image/png", b""]
)
def test_parts_that_cannot_be_inspected_are_refused(media: bytes) -> None:
    """A form is no way around a refused media type."""
    with pytest.raises(UnsupportedMedia):
        decoder_for(TYPE)(BODY.replace(b"application/json", media))


@pytest.mark.parametrize(
    "parameters", ["", "; boundary=", '; boundary="a b"', "; boundary=a; charset=utf-8", "; x=1"]
)
def test_a_boundary_is_needed(parameters: str) -> None:
    """One, and nothing else."""
    with pytest.raises(UnsupportedMedia):
        decoder_for("multipart/form-data" + parameters)


def test_an_edit_may_not_make_a_boundary() -> None:
    """Nor name a cell that is not there."""
    handle = _cells(BODY)["/phone", "13800138000"]
    with pytest.raises(CodecFault):
        decoder_for(TYPE)(BODY).encode({handle: Edit((Piece(0, 0, "\r\n--xYz--"),))})
    for unknown in (-1, 99):
        with pytest.raises(CodecFault):
            decoder_for(TYPE)(BODY).encode({unknown: REMOVE})
