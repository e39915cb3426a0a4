"""What goes between the serving process and a worker, over a socket pair nobody else has."""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from classifiers.model import Inspection
from gateway.export.parts import Message
from gateway.export.signature import Signatures
from gateway.export.transfer import Transfer
from gateway.settings import Settings
from policies.model import Decision

_LENGTH: Final = struct.Struct(">Q")
LENGTH_BYTES: Final = _LENGTH.size


@dataclass(frozen=True, slots=True)
class Begin:
    """The first message: what the worker needs to know. It answers with its detectors' digest."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Inspect:
    """Look at a message, and keep what is found under `token`."""

    token: int
    transfer: Transfer
    message: Message
    key_versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to `Inspect`."""

    records: int
    groups: Signatures
    inspection: Inspection


@dataclass(frozen=True, slots=True)
class Tell:
    """Whose data it is that lies under `token`; the answer is `Subjects`."""

    token: int
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class Treat:
    """Treat what lies under `token`; the answer is an `Outgoing`."""

    token: int
    transfer: Transfer
    decisions: Sequence[Decision]
    head_sent: bool


Job = Begin | Inspect | Tell | Treat


@dataclass(frozen=True, slots=True)
class Request:
    """A job with a number; what lies under the `forgotten` tokens is no longer needed."""

    number: int
    job: Job
    forgotten: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of a job, or the `GatewayError` that ended it."""

    number: int
    result: Any


def packed(value: Request | Reply) -> bytes:
    """`value` behind its length."""
    data = pickle.dumps(value, protocol=5)
    return _LENGTH.pack(len(data)) + data


def length(head: bytes) -> int:
    """How many bytes follow the first `LENGTH_BYTES`."""
    return int(_LENGTH.unpack(head)[0])


def unpacked(data: bytes) -> Any:
    """The value that was packed, without its length."""
    return pickle.loads(data)  # noqa: S301  from our own process, over a socket pair


def receive(connection: socket.socket) -> Request | None:
    """The next request; None where the serving process has ended."""
    head = _read(connection, LENGTH_BYTES)
    if head is None:
        return None
    body = _read(connection, length(head))
    return None if body is None else unpacked(body)


def _read(connection: socket.socket, size: int) -> bytes | None:
    data = bytearray(size)
    view, at = memoryview(data), 0
    while at < size:
        count = connection.recv_into(view[at:])
        if not count:
            return None
        at += count
    return bytes(data)
