"""Content that is passed on unread: never another type's, and what can be read in it is seen."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import Opaque
from gateway.codecs.model import CodecFault, Edit, Piece, UnsupportedMedia, Untreatable
from gateway.codecs.opaque import decode
from gateway.codecs.registry import decoder_for, reads

PNG = b"\x89PNG\r\n\x1a\n"
NOISE = random.Random(7).randbytes(4000)


def workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"a": ["x"]}), file)
    return file.getvalue()


def arrow_stream() -> bytes:
    table = pa.table({"a": ["x"]})
    file = io.BytesIO()
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    return file.getvalue()


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("image/png", PNG + NOISE),
        ("image/jpeg", b"\xff\xd8\xff\xe0" + NOISE),
        ("application/pdf", b"%PDF-1.7\n" + NOISE),
        ("application/zip", b"PK\x03\x04" + NOISE),
        ("application/x-own", b"\x01\x02\x03" + NOISE),
        ("application/x-own", b""),
    ],
)
def test_it_leaves_as_it_came(media: str, body: bytes) -> None:
    """With its length and digest told."""
    found = decode(body, media=media) if body else decode(b"\x00", media=media)
    body = body or b"\x00"
    assert found.encode({}) == body
    digest = hashlib.sha256(body).hexdigest()
    assert list(found.batch.opaque) == [Opaque(media, len(body), digest)]


@pytest.mark.parametrize("media", ["image/png", "application/pdf", "application/x-own"])
@pytest.mark.parametrize(
    "body",
    [
        b'{"phone": "13800138000"}',
        "姓名,电话\n王小明,13800138000\n".encode(),
        '{"phone": "13800138000"}'.encode("utf-16"),
        "<a>13800138000</a>".encode("utf-8-sig"),
        parquet(),
        arrow_stream(),
        workbook(),
        gzip.compress(b"13800138000"),
        b"\xff\xd8\xff\xe0" + NOISE,
    ],
)
def test_what_is_of_another_type_is_refused(media: str, body: bytes) -> None:
    """Readable text, tables, packed data and other pictures under a listed type's name."""
    with pytest.raises(UnsupportedMedia):
        decode(body, media=media)


def test_a_workbook_is_no_archive() -> None:
    """Excel files are read; as archives they would not be."""
    with pytest.raises(UnsupportedMedia, match="workbook"):
        decode(workbook(), media="application/zip")


@pytest.mark.parametrize(
    "text",
    [
        b"tEXtAuthor\0call 13800138000 now",
        "王小明 13800138000".encode(),
        "call 13800138000 now".encode("utf-16-le"),
        "call 13800138000 now".encode("utf-16-be"),
    ],
)
def test_text_within_is_seen(text: bytes) -> None:
    """In each of the encodings that metadata are written in."""
    found = decode(PNG + NOISE + b"\0\xff" + text + b"\0\xff" + NOISE, media="image/png")
    (column,) = found.batch.columns
    assert any("13800138000" in value for value in column.values)


def test_text_within_cannot_be_changed() -> None:
    """Whatever policy wants of it."""
    found = decode(PNG + b"\0call 13800138000\0", media="image/png")
    with pytest.raises(Untreatable):
        found.encode({0: Edit((Piece(0, 1, "x"),))})
    with pytest.raises(CodecFault):
        found.encode({99: Edit((Piece(0, 1, "x"),))})


@given(st.binary(max_size=300))
def test_any_bytes_leave_whole_or_not_at_all(body: bytes) -> None:
    """No crash, nothing changed."""
    try:
        found = decode(body, media="application/x-own")
    except UnsupportedMedia:
        return
    assert found.encode({}) == body
    assert len(found.batch.opaque) == 1


def test_only_what_is_listed_passes() -> None:
    """And parameters do not matter to it."""
    body = PNG + zlib.compress(NOISE)
    with pytest.raises(UnsupportedMedia):
        decoder_for("image/png")
    with pytest.raises(UnsupportedMedia):
        decoder_for("image/jpeg", unread=["image/png"])
    assert decoder_for("image/PNG; q=1", unread=["image/png"])(body).encode({}) == body


def test_a_type_that_is_read_is_always_read() -> None:
    """Listing it changes nothing."""
    document = decoder_for("application/json", unread=["application/json"])(b'{"a": "b"}')
    assert not document.batch.opaque


@pytest.mark.parametrize(
    "media",
    ["application/json", "text/csv", "text/html", "image/svg+xml", "application/hal+json",
     "multipart/mixed", "application/vnd.apache.parquet"],
)  # fmt: skip
def test_what_is_read_may_not_be_listed(media: str) -> None:
    assert reads(media)


def test_what_is_not_read_may() -> None:
    assert not any(map(reads, ["image/png", "application/pdf", "application/octet-stream"]))


def form(*parts: tuple[str, str, bytes]) -> bytes:
    lines = [
        b'--b\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n'
        b"Content-Type: %s\r\n\r\n%s\r\n" % (name.encode(), media.encode(), content)
        for name, media, content in parts
    ]
    return b"".join(lines) + b"--b--\r\n"


def test_a_part_of_a_form_may_be_unread() -> None:
    """The other parts are read; a listed type is needed all the same."""
    body = form(("photo", "image/png", PNG + NOISE), ("note", "text/plain", b"hello"))
    found = decoder_for("multipart/form-data; boundary=b", unread=["image/png"])(body)
    assert [each.media for each in found.batch.opaque] == ["image/png"]
    assert any("hello" in column.values for column in found.batch.columns)
    assert found.encode({}) == body
    with pytest.raises(UnsupportedMedia):
        decoder_for("multipart/form-data; boundary=b")(body)
