"""Content codings."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs.encodings import decoded, encoded
from gateway.codecs.model import BodyTooLarge, MalformedBody, UnsupportedMedia

_CODINGS = ["gzip", "x-gzip", "deflate", "br", "zstd", "", "identity", " GZip "]


@pytest.mark.parametrize("coding", _CODINGS)
@settings(max_examples=20, deadline=None)
@given(body=st.binary(max_size=2_000))
def test_bodies_come_back(coding: str, body: bytes) -> None:
    """decoded(encoded(x)) = x, up to the limit exactly."""
    assert decoded(encoded(body, coding), coding, limit=len(body) or 1) == body


def test_other_peoples_streams_are_read() -> None:
    """gzip and zlib as the standard library writes them."""
    assert decoded(gzip.compress(b"x" * 99), "gzip", limit=99) == b"x" * 99
    assert decoded(zlib.compress(b"x" * 99), "deflate", limit=99) == b"x" * 99


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_bombs_stop_at_the_limit(coding: str) -> None:
    """A small body that grows large is refused."""
    bomb = encoded(bytes(10_000_000), coding)
    assert len(bomb) < 20_000
    with pytest.raises(BodyTooLarge):
        decoded(bomb, coding, limit=1_000_000)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_damage_is_refused(coding: str) -> None:
    """Cut, changed, lengthened or lying streams."""
    good = encoded(b"13800138000" * 100, coding)
    for bad in (b"", good[:-1], good[: len(good) // 2], good + b"x", b"13800138000", good[::-1]):
        with pytest.raises(MalformedBody):
            decoded(bad, coding, limit=10_000)


def test_raw_deflate_and_second_members_are_refused() -> None:
    """What some readers take and others do not."""
    raw = zlib.compressobj(wbits=-15)
    with pytest.raises(MalformedBody):
        decoded(raw.compress(b"x") + raw.flush(), "deflate", limit=10)
    with pytest.raises(MalformedBody):
        decoded(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", limit=10)


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,br", "compress", "aws-chunked", "*"])
def test_unknown_and_stacked_codings_are_refused(coding: str) -> None:
    """One coding, and one we know."""
    with pytest.raises(UnsupportedMedia):
        decoded(b"", coding, limit=10)
    with pytest.raises(UnsupportedMedia):
        encoded(b"", coding)
