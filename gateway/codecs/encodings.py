"""Content codings (RFC 9110 §8.4.1): gzip, deflate, br and zstd, one at a time and bounded.

Bodies are read without their coding and written anew with it: a stream's own header fields and the
ways it could have been packed may carry what nobody inspected.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

from gateway.codecs.model import BodyTooLarge, MalformedBody, UnsupportedMedia

PIECE: Final = 64 * 1024  # bytes that a stream is read and written in
_ZLIB: Final = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_NAMES: Final = {
    "": "",
    "identity": "",
    "gzip": "gzip",
    "x-gzip": "gzip",
    "deflate": "deflate",
    "br": "br",
    "zstd": "zstd",
}
_ZSTD_WINDOW_LOG: Final = 23  # 8 MB, the most that the coding allows (RFC 9659)
_BROTLI_QUALITY: Final = 5  # about as fast as gzip's usual level


def coding_of(header: str) -> str:
    """The coding that a Content-Encoding header names, "" for none. Raises `UnsupportedMedia`."""
    try:
        return _NAMES[header.strip(" \t").lower()]
    except KeyError:
        raise UnsupportedMedia(
            "the content coding must be one of gzip, deflate, br, zstd, applied once"
        ) from None


class Unpacker(Protocol):
    """Takes a coded stream as it arrives."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` adds, in pieces of about `PIECE` bytes. Raises `MalformedBody`."""
        ...

    def finish(self) -> None:
        """Raises `MalformedBody` where the stream is not at its end."""
        ...


class Packer(Protocol):
    """Writes a coded stream piece by piece."""

    def feed(self, data: bytes) -> bytes:
        """`data` as coded bytes from which it can be read at once."""
        ...

    def finish(self) -> bytes:
        """The end of the stream."""
        ...


def unpacker(coding: str) -> Unpacker:
    """For a coding as `coding_of` names it."""
    if coding in _ZLIB:
        return _Inflate(_ZLIB[coding])
    if coding == "br":
        return _Brotli()
    return _Zstd() if coding == "zstd" else _Unpacked()


def packer(coding: str) -> Packer:
    """For a coding as `coding_of` names it."""
    if coding in _ZLIB:
        return _Deflating(_ZLIB[coding])
    if coding == "br":
        return _BrotliPacking()
    return _ZstdPacking() if coding == "zstd" else _Unchanged()


def decoded(body: bytes, coding: str, *, limit: int) -> bytes:
    """`body` without its coding. Raises `BodyTooLarge` over `limit` bytes, `MalformedBody`."""
    unpacking, out, size = unpacker(coding), list[bytes](), 0
    for piece in unpacking.feed(body):
        size += len(piece)
        if size > limit:
            raise BodyTooLarge(f"the decoded body is over {limit} bytes")
        out.append(piece)
    unpacking.finish()
    return b"".join(out)


def encoded(body: bytes, coding: str) -> bytes:
    """`body` under a coding that `decoded` reads."""
    packing = packer(coding)
    return packing.feed(body) + packing.finish()


def _malformed(what: str) -> MalformedBody:
    return MalformedBody("the content coding", what)


class _Unpacked:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        """A body without a coding ends where it ends."""


class _Unchanged:
    def feed(self, data: bytes) -> bytes:
        return data

    def finish(self) -> bytes:
        return b""


class _Inflate:
    """gzip and deflate; the latter with its zlib header only."""

    def __init__(self, wbits: int) -> None:
        self._inflate = zlib.decompressobj(wbits)

    def feed(self, data: bytes) -> Iterator[bytes]:
        inflate = self._inflate
        if inflate.eof and data:
            raise _malformed("more than one stream")
        while True:
            try:
                piece = inflate.decompress(data, PIECE)
            except zlib.error:
                raise _malformed("a damaged stream") from None
            if piece:
                yield piece
            data = inflate.unconsumed_tail
            if not data and len(piece) < PIECE:
                break
        if inflate.unused_data:
            raise _malformed("more than one stream")

    def finish(self) -> None:
        if not self._inflate.eof:
            raise _malformed("a stream cut short")


class _Brotli:
    def __init__(self) -> None:
        import brotli  # noqa: PLC0415 only where it is used

        self._error = brotli.error
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        stream = self._stream
        if stream.is_finished() and data:
            raise _malformed("more than one stream")
        while True:
            try:
                piece = stream.process(data, output_buffer_limit=PIECE)
            except self._error:
                raise _malformed("a damaged stream") from None
            if piece:
                yield piece
            data = b""
            if stream.is_finished() or (not piece and stream.can_accept_more_data()):
                return

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise _malformed("a stream cut short")


class _Zstd:
    def __init__(self) -> None:
        from backports import zstd  # noqa: PLC0415 only where it is used

        self._error = zstd.ZstdError
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        self._stream = zstd.ZstdDecompressor(options=options)

    def feed(self, data: bytes) -> Iterator[bytes]:
        stream = self._stream
        if stream.eof and data:
            raise _malformed("more than one stream")
        while not stream.eof:
            try:
                piece = stream.decompress(data, PIECE)
            except self._error:
                raise _malformed("a damaged stream") from None
            if piece:
                yield piece
            data = b""
            if stream.needs_input:
                return
        if stream.unused_data:
            raise _malformed("more than one stream")

    def finish(self) -> None:
        if not self._stream.eof:
            raise _malformed("a stream cut short")


class _Deflating:
    def __init__(self, wbits: int) -> None:
        self._deflate = zlib.compressobj(wbits=wbits)

    def feed(self, data: bytes) -> bytes:
        return self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._deflate.flush()


class _BrotliPacking:
    def __init__(self) -> None:
        import brotli  # noqa: PLC0415 only where it is used

        self._stream = brotli.Compressor(quality=_BROTLI_QUALITY)

    def feed(self, data: bytes) -> bytes:
        return bytes(self._stream.process(data) + self._stream.flush())

    def finish(self) -> bytes:
        return bytes(self._stream.finish())


class _ZstdPacking:
    def __init__(self) -> None:
        from backports import zstd  # noqa: PLC0415 only where it is used

        self._stream = zstd.ZstdCompressor()

    def feed(self, data: bytes) -> bytes:
        return bytes(self._stream.compress(data, self._stream.FLUSH_BLOCK))

    def finish(self) -> bytes:
        return bytes(self._stream.flush(self._stream.FLUSH_FRAME))
