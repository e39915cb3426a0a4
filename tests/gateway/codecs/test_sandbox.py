"""Bodies read in a process of their own: the same document, and nobody else is disturbed."""

from __future__ import annotations

import gc
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs import arrow, sandbox
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
from gateway.codecs.registry import SANDBOXED, decoder_for

TABLE = pa.table({"phone": ["13800138000", None, "2"], "n": [1, 2, 3]})
PARQUET = "application/vnd.apache.parquet"


def parquet(table: Any = TABLE) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue())


def test_the_document_is_the_same_as_in_one_process() -> None:
    """Columns and edits cross over unchanged."""
    here, there = arrow.decode_parquet(parquet()), decoder_for(PARQUET)(parquet())
    assert [
        (c.pointer, c.name, c.kind, list(c.values), list(c.rows), list(c.refs), list(c.handles))
        for c in there.batch.columns
    ] == [
        (c.pointer, c.name, c.kind, list(c.values), list(c.rows), list(c.refs), list(c.handles))
        for c in here.batch.columns
    ]
    phones = next(c for c in there.batch.columns if c.pointer == "/phone")
    edits = {phones.handles[0]: Edit((Piece(3, 7, "****"),)), phones.handles[1]: REMOVE}
    out = pq.read_table(pa.BufferReader(there.encode(edits)))
    assert out["phone"].to_pylist() == ["138****8000", None, None]
    assert out.schema == TABLE.schema
    with pytest.raises(CodecFault):
        there.encode({10_000: REMOVE})


def test_bytes_that_no_reader_shows_do_not_leave() -> None:
    """Between and behind the pages of a clean file there is room; it is written anew."""
    body = parquet()
    footer = int.from_bytes(body[-8:-4], "little") + 8
    hiding = body[:-footer] + b"13800138000 hidden" + body[-footer:]
    assert b"hidden" not in decoder_for(PARQUET)(hiding).encode({})


def readers() -> set[int]:
    """The processes that were forked from ours."""
    start = sandbox._readers._process
    assert start is not None
    children = Path(f"/proc/{start.pid}/task/{start.pid}/children").read_text("ascii")
    return {int(each) for each in children.split()}


def test_a_reader_that_ends_or_hangs_is_a_refusal() -> None:
    """Abort, and silence beyond the time; the next body is read all the same."""
    decoder_for(PARQUET)(parquet())
    for sign in (signal.SIGKILL, signal.SIGSTOP):
        document = decoder_for(PARQUET)(parquet())
        document._socket.settimeout(0.5)  # type: ignore[attr-defined]
        (reader,) = readers()
        os.kill(reader, sign)
        with pytest.raises(CodecFault):
            document.encode({})
        if sign == signal.SIGSTOP:
            os.kill(reader, signal.SIGCONT)
    assert decoder_for(PARQUET)(parquet()).batch.records == 3


def test_the_process_behind_the_readers_is_started_again() -> None:
    """Readers at work go on without it."""
    document = decoder_for(PARQUET)(parquet())
    start = sandbox._readers._process
    assert start is not None
    start.kill()
    start.wait()
    assert pq.read_table(pa.BufferReader(document.encode({}))).equals(TABLE)
    assert decoder_for(PARQUET)(parquet()).batch.records == 3


def test_no_process_is_left_behind() -> None:
    """A reader ends with its document, and after a refusal."""
    document = decoder_for(PARQUET)(parquet())
    assert len(readers()) == 1
    del document
    with pytest.raises(MalformedBody):
        decoder_for(PARQUET)(b"PAR1")
    gc.collect()
    for _ in range(1200):
        if not readers():
            return
        time.sleep(0.05)
    pytest.fail("a reader goes on without its document")


def test_a_body_that_needs_too_much_memory_is_refused() -> None:
    """A dictionary of one long text, named by very many rows, unfolds beyond what one may have."""
    indices = pa.array([0] * 3_000_000, pa.int32())
    column = pa.DictionaryArray.from_arrays(indices, pa.array(["x" * 2_000]))
    body = parquet(pa.table({"a": column}))
    assert len(body) < 1_000_000
    with pytest.raises((BodyTooLarge, MalformedBody)):
        decoder_for(PARQUET)(body)


@pytest.mark.parametrize("media", sorted(SANDBOXED))
@settings(max_examples=3)
@given(places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_bodies_are_refused_or_read(media: str, places: list[tuple[float, int]]) -> None:
    """Whatever the damage does to the reader, this process goes on."""
    body = bytearray(parquet())
    if "arrow.stream" in media or "arrow.file" in media:
        sink = pa.BufferOutputStream()
        new = pa.ipc.new_stream if "stream" in media else pa.ipc.new_file
        with new(sink, TABLE.schema) as out:
            out.write_table(TABLE)
        body = bytearray(sink.getvalue())
    for place, byte in places:
        body[int(place * (len(body) - 1))] = byte
    with suppress(MalformedBody, CodecFault, BodyTooLarge, UnsupportedMedia, UnsupportedCharset):
        decoder_for(media)(bytes(body)).encode({})
