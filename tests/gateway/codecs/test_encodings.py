"""Content codings."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs.encodings import PIECE, coding_of, decoded, encoded, packer, unpacker
from gateway.codecs.model import BodyTooLarge, MalformedBody, UnsupportedMedia

_CODINGS = ["gzip", "deflate", "br", "zstd", ""]


@pytest.mark.parametrize("coding", _CODINGS)
@settings(max_examples=20)
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


def test_damage_is_noticed_however_it_arrives() -> None:
    """A second stream behind the first, in the same piece or a later one; big steps and small."""
    for coding in _CODINGS[:-1]:
        good = encoded(b"13800138000" * 100_000, coding)
        for step in (1, 7, len(good)):
            unpacking, out = unpacker(coding), []
            for at in range(0, len(good), step):
                out += unpacking.feed(good[at : at + step])
            unpacking.finish()
            assert b"".join(out) == b"13800138000" * 100_000
            assert max(map(len, out)) <= 2 * PIECE
            with pytest.raises(MalformedBody):
                list(unpacking.feed(b"x"))


@pytest.mark.parametrize("coding", _CODINGS)
def test_groups_can_be_read_as_they_come(coding: str) -> None:
    """What was fed comes out before the stream ends."""
    packing, unpacking = packer(coding), unpacker(coding)
    for group in (b"a" * 10, b"", b"b" * 300_000, b"c"):
        sent = packing.feed(group)
        assert b"".join(unpacking.feed(sent)) == group if sent else not group
    list(unpacking.feed(packing.finish()))
    unpacking.finish()


def test_a_window_that_is_too_large_is_refused() -> None:
    """A zstd frame may not ask for more than 8 MB of memory (RFC 9659)."""
    from backports import zstd

    wide = zstd.compress(b"x" * 20_000_000, options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(MalformedBody):
        decoded(wide, "zstd", limit=100_000_000)
    skipping = b"\x50\x2a\x4d\x18\x0b\x00\x00\x0013800138000" + encoded(b"{}", "zstd")
    with pytest.raises(MalformedBody):
        decoded(skipping, "zstd", limit=100)


@pytest.mark.parametrize(
    "header", ["gzip, gzip", "gzip,br", "compress", "aws-chunked", "*", "gzip;q=1"]
)
def test_unknown_and_stacked_codings_are_refused(header: str) -> None:
    """One coding, and one we know."""
    with pytest.raises(UnsupportedMedia):
        coding_of(header)


def test_codings_have_one_name() -> None:
    """Case, spaces and aliases aside."""
    assert [coding_of(h) for h in ("", "identity")] == ["", ""]
    assert [coding_of(h) for h in ("gzip", " GZip ", "x-gzip")] == ["gzip"] * 3
    assert [coding_of(h) for h in ("BR", "zstd", "deflate")] == ["br", "zstd", "deflate"]
