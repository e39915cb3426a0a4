"""Bodies whose readers may end the process, each read in a process of its own.

Readers of Parquet, Arrow and Excel files are written in other languages, and a damaged body can
make them abort. Every body gets a fresh process (`gateway.codecs.sandboxed`) with limits, forked
from one that has loaded the readers, so that it can disturb nobody else. A process that ends or is
late means that the body is refused.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from importlib import import_module
from io import BufferedRWPair
from typing import Any, Final, cast
from weakref import finalize

from classifiers.model import Batch, CellKind, Column
from gateway.codecs.model import Change, CodecFault, Decoder, Document, Edit, MalformedBody
from gateway.codecs.sandboxed import REFUSALS, get, put

SECONDS: Final = 30.0  # for one answer
_ENVIRONMENT: Final = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}


def decoder(name: str) -> Decoder:
    """The decoder `name` (module.function of `gateway.codecs`), run in another process."""
    return partial(_decode, name)


def here(name: str) -> Decoder:
    """The decoder `name` in this process, loaded when it is first used."""

    def decode(
        body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = ""
    ) -> Document:
        module, _, function = name.partition(".")
        found: Decoder = getattr(import_module(f"gateway.codecs.{module}"), function)
        return found(body, records=records, key_cells=key_cells, prefix=prefix)

    return decode


def _decode(
    name: str, body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = ""
) -> Document:
    """`records` does not apply."""
    del records
    return SandboxedDocument(name, body, key_cells=key_cells, prefix=prefix)


class SandboxedDocument:
    """A body decoded in another process, which lives as long as this."""

    def __init__(self, name: str, body: bytes, *, key_cells: bool, prefix: str) -> None:
        """Raises what the decoder raises; `MalformedBody` where its process ends or is late."""
        self._socket = _readers.new()
        self._stream = self._socket.makefile("rwb")
        self._end = finalize(self, _ended, self._socket, self._stream)
        records, columns = self._asked([name, body, key_cells, prefix])
        self.batch = Batch([_column(each) for each in columns], records, len(body))

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The body with `edits`, written anew even without any. Raises `CodecFault`."""
        changes = [
            (handle, [list(piece) for piece in change.pieces] if isinstance(change, Edit) else None)
            for handle, change in edits.items()
        ]
        try:
            return cast(bytes, self._asked(changes)[0])
        except MalformedBody as error:
            raise CodecFault(str(error)) from error

    def _asked(self, message: Any) -> list[Any]:
        """The reader's answer. Raises what it tells."""
        try:
            put(self._stream, message)
            answer = get(self._stream)
        except (OSError, ValueError):
            answer = None  # it has ended, is late, or says what is no answer
        if answer is not None and answer[0] == "ok":
            return list(answer[1:])
        self._end()
        if answer is None:
            raise MalformedBody("the whole body", "what its reader cannot bear")
        kind, *rest = answer
        if kind == MalformedBody.__name__:
            raise MalformedBody(*rest)
        raise REFUSALS.get(kind, CodecFault)(*rest)


class _Readers:
    """The process that readers are forked from, started on first use and again if it ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def new(self) -> socket.socket:
        """A socket to a fresh reader."""
        ours, theirs = socket.socketpair()
        ours.settimeout(SECONDS)
        with theirs, self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            if self._control is not None:
                socket.send_fds(self._control, [b"r"], [theirs.fileno()])
        return ours

    def _start(self) -> None:
        self.end()
        self._control, theirs = socket.socketpair()
        paths = os.pathsep.join(path for path in sys.path if path)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-m", "gateway.codecs.sandboxed", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT | {"PYTHONPATH": paths},
                pass_fds=[theirs.fileno()],
            )

    def end(self) -> None:
        """Let it go; readers at work go on."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()


_readers: Final = _Readers()
atexit.register(_readers.end)


def _ended(ours: socket.socket, stream: BufferedRWPair) -> None:
    with suppress(OSError):
        stream.close()
    ours.close()


def _column(plain: list[Any]) -> Column:
    pointer, name, kind, values, *numbers = plain
    rows, refs, handles = (
        range(*each["range"]) if isinstance(each, dict) else each for each in numbers
    )
    return Column(pointer, name, CellKind(kind), values, rows, refs, handles)
