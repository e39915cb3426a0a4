"""What goes between the serving process and a worker, over a socket pair nobody else has.

MessagePack of typed values both ways: a worker reads hostile bodies, so what it answers is data and
can run nothing.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from classifiers.model import Drift, Inspection
from gateway import errors
from gateway.errors import CannotDecide, GatewayError
from gateway.export.parts import Message
from gateway.export.signature import Signatures
from gateway.export.transfer import Transfer
from gateway.export.work import Outgoing
from gateway.ledger.subjects import Subjects
from gateway.settings import Settings
from policies.model import Decision

_LENGTH: Final = struct.Struct(">Q")
LENGTH_BYTES: Final = _LENGTH.size


class Begin(Struct, frozen=True, tag=True):
    """The first message: what the worker needs to know. It answers `Ready`."""

    settings: Settings
    sources: Mapping[str, str]  # the team's recognizers, as the serving process read them
    warm: bool = False


class Inspect(Struct, frozen=True, tag=True):
    """Look at a message, and keep what is found under `token`. The answer is `Found`."""

    token: int
    transfer: Transfer
    message: Message
    key_versions: Mapping[str, int]


class Tell(Struct, frozen=True, tag=True):
    """Whose data it is that lies under `token`; the answer is `Told`."""

    token: int
    transfer: Transfer


class Treat(Struct, frozen=True, tag=True):
    """Treat what lies under `token`; the answer is `Treated`."""

    token: int
    transfer: Transfer
    decisions: Sequence[Decision]
    head_sent: bool


class Ready(Struct, frozen=True, tag=True):
    """The worker has loaded; the digest of its detectors."""

    detectors: str


class Found(Struct, frozen=True, tag=True):
    """What was found in a message."""

    records: int
    groups: Signatures
    inspection: Inspection
    drift: tuple[Drift, ...] = ()


class Told(Struct, frozen=True, tag=True):
    """Whose data it is."""

    subjects: Subjects


class Treated(Struct, frozen=True, tag=True):
    """The treated message."""

    outgoing: Outgoing


class Failed(Struct, frozen=True, tag=True):
    """A `GatewayError` ended the job: its class, and what it says."""

    kind: str
    says: str

    @property
    def error(self) -> GatewayError:
        """The same error here; one of another class is `CannotDecide`."""
        kind = getattr(errors, self.kind, None)
        if isinstance(kind, type) and issubclass(kind, GatewayError):
            try:
                return kind(self.says)
            except TypeError:
                return CannotDecide(self.says)
        return CannotDecide(self.says)


Job = Begin | Inspect | Tell | Treat
Result = Ready | Found | Told | Treated | Failed


class Request(Struct, frozen=True):
    """A job with a number; what lies under the `forgotten` tokens is no longer needed."""

    number: int
    job: Job
    forgotten: list[int] = []


class Reply(Struct, frozen=True):
    """The result of the job of this number."""

    number: int
    result: Result


def _plain(value: Any) -> Any:
    """What MessagePack does not know, as what it knows."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise NotImplementedError(type(value).__name__)


def _typed(kind: type[Any], value: Any) -> Any:
    if kind is Path or issubclass(kind, Path):
        return Path(value)
    raise NotImplementedError(kind.__name__)


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_plain)
_REQUESTS: Final = msgspec.msgpack.Decoder(Request, dec_hook=_typed)
_REPLIES: Final = msgspec.msgpack.Decoder(Reply, dec_hook=_typed)


def packed(value: Request | Reply) -> bytes:
    """`value` behind its length. Raises `TypeError` where it is no plain data."""
    data = _ENCODER.encode(value)
    return _LENGTH.pack(len(data)) + data


def length(head: bytes) -> int:
    """How many bytes follow the first `LENGTH_BYTES`."""
    return int(_LENGTH.unpack(head)[0])


def reply(data: bytes) -> Reply:
    """A reply, without its length. Raises `msgspec.DecodeError` where it is none."""
    return _REPLIES.decode(data)


def receive(connection: socket.socket) -> Request | None:
    """The next request; None where the serving process has ended."""
    head = _read(connection, LENGTH_BYTES)
    if head is None:
        return None
    body = _read(connection, length(head))
    return None if body is None else _REQUESTS.decode(body)


def _read(connection: socket.socket, size: int) -> bytes | None:
    data = bytearray(size)
    view, at = memoryview(data), 0
    while at < size:
        count = connection.recv_into(view[at:])
        if not count:
            return None
        at += count
    return bytes(data)
