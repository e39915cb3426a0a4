"""The processes that read bodies: `python -m gateway.codecs.sandboxed FD`, run by `sandbox`.

The first loads the readers and forks another for every socket it is sent. That one gets a body,
answers with its cells, then writes edits for as long as it is asked to. It has limited memory and
processor time, may write no file and leaves no core dump.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from io import BufferedRWPair
from typing import Any, Final

import msgspec

from classifiers.model import Batch
from gateway.codecs.model import (
    REMOVE,
    BodyTooLarge,
    Change,
    CodecFault,
    Decoder,
    Edit,
    MalformedBody,
    Piece,
    UnsupportedCharset,
    UnsupportedMedia,
)

MEMORY: Final = 3 * 1024**3  # bytes of address space
PROCESSOR_SECONDS: Final = 20
_FILES: Final = 64
_LENGTH: Final = struct.Struct(">Q")
REFUSALS: Final = {
    each.__name__: each for each in (BodyTooLarge, CodecFault, UnsupportedCharset, UnsupportedMedia)
}
_decoder: Final = msgspec.msgpack.Decoder()
_encoder: Final = msgspec.msgpack.Encoder()


def put(stream: BufferedRWPair, message: Any) -> None:
    """Write one message. Raises `OSError`."""
    data = _encoder.encode(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def get(stream: BufferedRWPair) -> Any:
    """Read one message; None at the end. Raises `ValueError` for what is none."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        return None
    return _decoder.decode(data)


def columns_of(batch: Batch) -> list[list[Any]]:
    """A batch's columns as plain values."""
    return [
        [c.pointer, c.name, c.kind.value, list(c.values), *map(_plain, (c.rows, c.refs, c.handles))]
        for c in batch.columns
    ]


def _plain(numbers: Any) -> Any:
    """A range as its bounds, anything else as a list."""
    if isinstance(numbers, range):
        return {"range": [numbers.start, numbers.stop, numbers.step]}
    return list(numbers)


def _change(edit: Any) -> Change:
    return REMOVE if edit is None else Edit(tuple(Piece(*piece) for piece in edit))


def _confined() -> None:
    """Give up what the readers do not need."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: PROCESSOR_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _FILES,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def _serve(stream: BufferedRWPair, decoders: Mapping[str, Decoder]) -> None:
    """Read one body and write its edits, as asked on `stream`."""
    asked = get(stream)
    if asked is None:
        return
    name, body, key_cells, prefix = asked
    try:
        document = decoders[name](body, key_cells=key_cells, prefix=prefix)
        batch = document.batch
        put(stream, ["ok", batch.records, columns_of(batch)])
        while (edits := get(stream)) is not None:
            changes = {int(handle): _change(edit) for handle, edit in edits}
            put(stream, ["ok", document.encode(changes)])
    except MalformedBody as error:
        put(stream, ["MalformedBody", error.where, error.what])
    except tuple(REFUSALS.values()) as error:
        put(stream, [type(error).__name__, str(error)])
    except MemoryError:
        put(stream, ["BodyTooLarge", "the body needs more memory than one may have"])


def _run(control: socket.socket) -> None:
    """Fork a reader for every socket that comes; end when nobody is left to send one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the gateway ends it by closing the socket
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # readers are not waited for
    os.environ.clear()
    decoders: dict[str, Decoder] = {}
    for module in ("arrow", "xlsx"):
        found = vars(import_module(f"gateway.codecs.{module}"))
        decoders |= {f"{module}.{name}": each for name, each in found.items()}
    while True:
        _, received, _, _ = socket.recv_fds(control, 1, 1)
        if not received:
            return
        with socket.socket(fileno=received[0]) as asking:
            if os.fork():
                continue
            control.close()
            _confined()
            with suppress(OSError), asking.makefile("rwb") as stream:
                _serve(stream, decoders)
        os._exit(0)


if __name__ == "__main__":
    _run(socket.socket(fileno=int(sys.argv[1])))
