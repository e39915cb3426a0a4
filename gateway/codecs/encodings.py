"""Content codings (RFC 9110 §8.4.1): gzip, deflate, br and zstd, one at a time and bounded."""

from __future__ import annotations

import zlib
from typing import Final

from gateway.codecs.model import BodyTooLarge, MalformedBody, UnsupportedMedia

_GZIP: Final = 16 + zlib.MAX_WBITS
_ZLIB: Final = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}
_ARROW: Final = {"br": "brotli", "zstd": "zstd"}
_IDENTITY: Final = ("", "identity")


def decoded(body: bytes, coding: str, *, limit: int) -> bytes:
    """`body` without its content coding; `coding` is the header's value.

    Raises `UnsupportedMedia` for an unknown coding or several of them, `BodyTooLarge` over `limit`
    bytes, `MalformedBody` where the stream is damaged, cut short or followed by something else.
    """
    coding = coding.strip().lower()
    if coding in _IDENTITY:
        return body
    if coding in _ZLIB:
        return _inflated(body, _ZLIB[coding], limit)
    return _expanded(body, _codec(coding), limit)


def encoded(body: bytes, coding: str) -> bytes:
    """`body` under a content coding that `decoded` reads. Raises `UnsupportedMedia`."""
    coding = coding.strip().lower()
    if coding in _IDENTITY:
        return body
    if coding in _ZLIB:
        deflate = zlib.compressobj(wbits=_ZLIB[coding])
        return deflate.compress(body) + deflate.flush()
    import pyarrow  # noqa: PLC0415 heavy

    return bytes(pyarrow.compress(body, codec=_codec(coding), asbytes=True))


def _codec(coding: str) -> str:
    try:
        return _ARROW[coding]
    except KeyError:
        raise UnsupportedMedia(
            "the content coding must be one of gzip, deflate, br, zstd"
        ) from None


def _inflated(body: bytes, wbits: int, limit: int) -> bytes:
    inflate = zlib.decompressobj(wbits)
    try:
        out = inflate.decompress(body, limit + 1)
    except zlib.error:
        raise MalformedBody("the content coding", "a damaged stream") from None
    if len(out) > limit:
        raise BodyTooLarge(f"the decoded body is over {limit} bytes")
    if not inflate.eof:
        raise MalformedBody("the content coding", "a stream cut short")
    if inflate.unused_data:
        raise MalformedBody("the content coding", "more than one stream")
    return out


def _expanded(body: bytes, codec: str, limit: int) -> bytes:
    import pyarrow  # noqa: PLC0415 heavy

    try:
        with pyarrow.input_stream(pyarrow.py_buffer(body), compression=codec) as stream:
            out = bytes(stream.read(limit + 1))
    except OSError:
        raise MalformedBody("the content coding", "a damaged or short stream") from None
    if not body:
        raise MalformedBody("the content coding", "no stream")
    if len(out) > limit:
        raise BodyTooLarge(f"the decoded body is over {limit} bytes")
    return out
