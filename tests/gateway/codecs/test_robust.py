"""Every codec on damaged bodies: a typed refusal, or a document that holds to its word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.model import CellKind
from gateway.codecs.model import (
    REMOVE,
    BodyTooLarge,
    CodecFault,
    MalformedBody,
    UnsupportedCharset,
    UnsupportedMedia,
)
from gateway.codecs.registry import decoder_for
from tests.gateway.codecs import test_multipart, test_xml

_REFUSALS = (MalformedBody, BodyTooLarge, UnsupportedCharset, UnsupportedMedia)


_SAMPLES = {
    "application/json": '[{"a": "\\u5f20 x", "b": [1.10, null, true]}, {"a": "张"}]'.encode(),
    "application/x-ndjson": b'{"a": "x"}\n\n{"a": 1}\r\n',
    "text/plain": "张三\r\n13800138000\n".encode(),
    "text/csv": b'a,"b ""c"""\r\n1,"x\ny"\r\n\r\n2,z\r\n',
    "text/csv; charset=gb18030": "姓名,电话\n张三,1\n".encode("gb18030"),
    "application/x-www-form-urlencoded": b"a=%e5%bc%a0+1&b&a=2",
    "application/xml": test_xml.PAIN_001,
    test_multipart.TYPE: test_multipart.BODY,
}
_CHANGE = st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(max_size=3))


@pytest.mark.parametrize("media", _SAMPLES)
@settings(max_examples=60)
@given(changes=st.lists(_CHANGE, min_size=1, max_size=3), key_cells=st.booleans())
def test_damaged_bodies(
    media: str, changes: list[tuple[float, int, bytes]], key_cells: bool
) -> None:
    """No other exception escapes; untouched bytes stay; all cells can be removed at once."""
    body = _SAMPLES[media]
    for place, length, new in changes:
        at = int(place * len(body))
        body = body[:at] + new + body[at + length :]
    try:
        document = decoder_for(media)(body, key_cells=key_cells)
    except _REFUSALS:
        return
    assert document.encode({}) == body
    cells = [c for c in document.batch.columns if c.kind is not CellKind.KEY]
    out = document.encode({handle: REMOVE for column in cells for handle in column.handles})
    try:
        again = decoder_for(media)(out).batch
    except CodecFault:
        pytest.fail("a document that was written cannot be read")
    assert not any(column.values[ref] for column in again.columns for ref in column.refs)


@pytest.mark.parametrize("media", _SAMPLES)
@given(body=st.binary(max_size=60))
@settings(max_examples=60)
def test_any_bytes(media: str, body: bytes) -> None:
    """Random bytes are refused or read, and come back."""
    try:
        document = decoder_for(media)(body)
    except _REFUSALS:
        return
    assert document.encode({}) == body
