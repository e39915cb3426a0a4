"""What is fuzzed: each target takes bytes and must refuse them in its own words or hold its own.

A target raises nothing but `AssertionError`, ends soon, and never prints what it was given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from classifiers.canonical import canonical
from classifiers.encodings import decoded
from classifiers.model import CellKind, DetectionIncomplete
from gateway.codecs import encodings
from gateway.codecs.model import (
    REMOVE,
    BodyTooLarge,
    CodecFault,
    Edit,
    MalformedBody,
    Piece,
    UnsupportedCharset,
    UnsupportedMedia,
)
from gateway.codecs.registry import decoder_for
from gateway.errors import ConfigError
from gateway.export.parts import Message, decode
from gateway.http.paths import BadTarget, join_upstream, parse_target
from gateway.settings import parse
from tests.e2e.test_formats import xlsx
from tests.gateway.codecs.test_robust import _SAMPLES as TEXT_SAMPLES

Target = Callable[[bytes], None]
REFUSALS: Final = (MalformedBody, BodyTooLarge, UnsupportedCharset, UnsupportedMedia)
_LIMIT: Final = 1_000_000
MARK: Final = "\u2713"  # what edits write


def _parquet() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": ["x", None], "n": [1, 2]}), sink)
    return bytes(sink.getvalue())


def codec(media: str) -> Target:
    """Read, write as it is, remove all cells, edit all cells; what was written reads again."""

    def run(body: bytes) -> None:
        read = decoder_for(media)
        try:
            document = read(body)
        except REFUSALS:
            return
        with suppress(CodecFault):
            same = document.encode({})
            assert len(read(same).batch.columns) == len(document.batch.columns)
        cells = [c for c in document.batch.columns if c.kind is not CellKind.KEY]
        lengths = {
            handle: len(column.values[ref])
            for column in cells
            for ref, handle in zip(column.refs, column.handles, strict=True)
        }
        assert len(lengths) == sum(len(column.handles) for column in cells)
        with suppress(CodecFault):
            out = document.encode(dict.fromkeys(lengths, REMOVE))
            again = read(out).batch
            left = [v for c in again.columns if c.kind is not CellKind.KEY for v in c.values if v]
            assert not left
        edits = {h: Edit((Piece(0, length, MARK),)) for h, length in lengths.items()}
        with suppress(CodecFault):
            again = read(document.encode(edits)).batch
            texts = {v for c in again.columns if c.kind is CellKind.TEXT for v in c.values}
            assert texts <= {MARK} or not texts

    return run


def coding(name: str) -> Target:
    """A content coding: bounded, and read back as it was written."""

    def run(body: bytes) -> None:
        with suppress(MalformedBody, BodyTooLarge):
            assert len(encodings.decoded(body, name, limit=_LIMIT)) <= _LIMIT
        assert encodings.decoded(encodings.encoded(body, name), name, limit=len(body) + 1) == body

    return run


def canonicaliser(data: bytes) -> None:
    """Canonical forms and decodings: spans stay inside the text, and order is kept."""
    text = data.decode("utf-8", "replace")
    form = canonical(text)
    ends = [form.span(at, at + 1) for at in range(len(form.text))]
    assert all(0 <= start <= end <= len(text) for start, end in ends)
    assert [start for start, _ in ends] == sorted(start for start, _ in ends)
    assert canonical(form.text).text == form.text or not form.text.isascii()
    with suppress(DetectionIncomplete):
        for plain in decoded(text):
            for at in range(len(plain.text)):
                start, end = plain.span(at, at + 1)
                assert 0 <= start <= end <= len(text)


def configuration(data: bytes) -> None:
    """`gateway.toml`: settings, or a `ConfigError`."""
    with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        document = tomllib.loads(data.decode())
        with suppress(ConfigError):
            parse(document, root=Path("/nowhere"))


def target(data: bytes) -> None:
    """A request target: refused, or joined to the upstream without leaving its path."""
    raw = data.decode("latin-1")
    try:
        found = parse_target(raw)
    except BadTarget:
        return
    url = join_upstream("http://recipient.invalid/v2/", found.segments, "")
    assert url.startswith("http://recipient.invalid/v2/")
    assert "/../" not in url
    assert "//" not in url.removeprefix("http://").rstrip("/")


def message(data: bytes) -> None:
    """Query, path and body of a whole request as one batch."""
    query, _, body = data.partition(b"\n")
    text = "".join(chr(byte) for byte in query if 0x20 < byte < 0x7F)
    with suppress(*REFUSALS):
        parts = decode(Message((), text, (), body, "application/json"))
        out = parts.encode({})
        assert (out.query, out.body) == (text, body)


CODECS: Final[dict[str, bytes]] = {
    **TEXT_SAMPLES,
    "application/vnd.apache.parquet": _parquet(),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": xlsx(),
}
TARGETS: Final[dict[str, tuple[Target, list[bytes]]]] = {
    **{media.replace("; ", ";"): (codec(media), [body]) for media, body in CODECS.items()},
    **{
        name: (coding(name), [encodings.encoded(b"13800138000" * 9, name)])
        for name in ("gzip", "deflate", "br", "zstd")
    },
    "canonicaliser": (
        canonicaliser,
        ["１３８ 0013\u200b8000 =?utf-8?B?eEA=?= %41&#65;\\u0041 MTM4MDAxMzgwMDA=".encode()],
    ),
    "configuration": (
        configuration,
        [
            b'[exporter]\nid = "a"\nname = "b"\n[routes.x]\nupstream = "http://a/"\n'
            b'destination = "SG"\nrecipient = "r"\npurpose = "p"\n'
        ],
    ),
    "target": (target, [b"/sg/a%20b/c?q=1&r=%e4%b8%ad"]),
    "message": (message, [b'a=1&b=%E4%B8%AD\n{"a": [1, "x"]}']),
}
