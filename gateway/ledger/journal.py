"""The ledger's journal: one file a year, one line for each durable append.

A line is a CRC-32 in hex, a space, canonical JSON and a newline. The journal is the truth about
the year; every index is derived from it. Unlike the audit log it can be erased: the keys of one
person on request (the count stays), the whole file when the year need no longer be shown.
"""

from __future__ import annotations

import os
import re
import secrets
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from gateway.ledger.counting import Fact, Plan
from gateway.ledger.model import CHINA_TIME, KEY_BYTES, LedgerUnavailable, State

FORMAT: Final = "silkgate/ledger-journal/1"
_SALT_BYTES: Final = 16
_WINDOW_BYTES: Final = 1 << 16
_CRC_WIDTH: Final = 9  # eight hex digits and a space


class Header(Struct, frozen=True, tag="ledger", forbid_unknown_fields=True):
    """The first line. `id` changes whenever the file is rewritten.

    `continued`: the ledger was already in use when the year began, so no opening is missing.
    """

    format: str
    id: str
    exporter: str
    year: int
    continued: bool
    at: datetime
    state: State


class Export(Struct, frozen=True, omit_defaults=True):
    """What one export added: keys by tally, run together; links as key and other, run together."""

    ref: str
    persons: dict[str, bytes]
    links: bytes = b""
    unidentified: dict[str, int] = {}


class Group(Struct, frozen=True, tag="group", forbid_unknown_fields=True):
    """Exports made durable together, and the state after them. The salt keeps the digest mute."""

    at: datetime
    salt: bytes
    exports: list[Export]
    state: State


Line = Header | Group

_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder(Line)


def path_of(ledger: Path, year: int) -> Path:
    """Where the journal of `year` lies."""
    return ledger.with_name(f"{ledger.name}.{year}.journal")


def years(ledger: Path) -> list[int]:
    """The years that have a journal, ascending."""
    pattern = re.compile(re.escape(ledger.name) + r"\.([0-9]{4})\.journal")
    found = (pattern.fullmatch(name) for name in os.listdir(ledger.parent))
    return sorted(int(match[1]) for match in found if match)


def encode(line: Line) -> bytes:
    """One line with checksum and newline."""
    body = _ENCODER.encode(line)
    return b"%08x %b\n" % (zlib.crc32(body), body)


def group(exports: list[Export], state: State, now: datetime) -> bytes:
    """The encoded line of a group, with a salt of its own."""
    at = now.astimezone(CHINA_TIME)
    return encode(Group(at=at, salt=_salt(), exports=exports, state=state))


def digest(line: bytes) -> str:
    """SHA-256 of an encoded line, in hex."""
    return sha256(line).hexdigest()


def export_of(ref: str, plan: Plan) -> Export:
    """The journal's form of `plan`."""
    runs: dict[str, list[bytes]] = {}
    links: list[bytes] = []
    for key, tag in plan.facts:
        if isinstance(tag, str):
            runs.setdefault(tag, []).append(key)
        else:
            links += (key, tag)
    persons = {tally: b"".join(keys) for tally, keys in runs.items()}
    return Export(ref, persons, b"".join(links), dict(plan.unidentified))


def facts_of(line: Line) -> Iterator[Fact]:
    """The facts that `line` adds."""
    if isinstance(line, Header):
        return
    for export in line.exports:
        for tally, run in export.persons.items():
            for key in _split(run):
                yield key, tally
        links = _split(export.links)
        yield from zip(links[::2], links[1::2], strict=True)


def without(line: Group, keys: Collection[bytes]) -> tuple[Group, Counter[str]]:
    """`line` with every mention of `keys` taken out, and how many persons of each tally went.

    A line that changes gets a new salt, so that its old digest tells nothing.
    """
    erased: Counter[str] = Counter()
    exports = []
    for export in line.exports:
        persons = {}
        for tally, run in export.persons.items():
            kept = [key for key in _split(run) if key not in keys]
            erased[tally] += len(run) // KEY_BYTES - len(kept)
            persons[tally] = b"".join(kept)
        links = _split(export.links)
        pairs = zip(links[::2], links[1::2], strict=True)
        kept_links = b"".join(a + b for a, b in pairs if a not in keys and b not in keys)
        exports.append(Export(export.ref, persons, kept_links, export.unidentified))
    if exports == line.exports:
        return line, Counter()
    return Group(line.at, _salt(), exports, line.state), +erased


def header(path: Path) -> Header:
    """The first line of the journal at `path`."""
    for line, _ in read(path):
        if isinstance(line, Header) and line.format == FORMAT:
            return line
        break
    raise LedgerUnavailable(f"{path} does not begin as a {FORMAT} file; restore it from backup")


def read(path: Path, start: int = 0) -> Iterator[tuple[Line, int]]:
    """Each whole line from byte `start` on, with the offset behind it.

    A last line cut short was never acknowledged and is left out. A bad line with good ones behind
    it raises `LedgerUnavailable`.
    """
    with path.open("rb") as file:
        file.seek(start)
        end = start
        for raw in file:
            line = _decode(raw)
            if line is None:
                if any(_decode(later) is not None for later in file):
                    raise LedgerUnavailable(
                        f"{path} is damaged at byte {end}, before lines that are whole; "
                        "restore it from backup"
                    )
                return
            end += len(raw)
            yield line, end


def last(path: Path) -> Line:
    """The last whole line, found from the end of the file."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        window = _WINDOW_BYTES
        while True:
            start = file.seek(max(0, size - window))
            raws = file.read(size - start).splitlines(keepends=True)
            for raw in reversed(raws[1 if start else 0 :]):
                if (line := _decode(raw)) is not None:
                    return line
            if not start:
                raise LedgerUnavailable(f"{path} holds no whole line; restore it from backup")
            window *= 4


def write_new(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole journal beside `path`, make it durable, and put it in place."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Appender:
    """The one writer of a journal.

    After an error it must be thrown away: what lies behind the last acknowledged byte is unknown.
    """

    def __init__(
        self, path: Path, size: int, *, sync: Callable[[int], None] = os.fdatasync
    ) -> None:
        """Cut the file at `size`, the end of its last whole line, and append from there."""
        self._sync = sync
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND)
        self.size = size
        os.ftruncate(self._file, size)
        sync(self._file)

    def append(self, line: bytes) -> None:
        """Return once `line` is durable. Raises OSError."""
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self._sync(self._file)
        self.size += len(line)

    def close(self) -> None:
        """Release the file; closing again does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def decode_group(raw: bytes) -> Group:
    """An encoded group. Raises `LedgerUnavailable` where it is not whole."""
    line = _decode(raw)
    if not isinstance(line, Group):
        raise LedgerUnavailable("a line of the ledger's journal is damaged; restore it from backup")
    return line


def _decode(raw: bytes) -> Line | None:
    """A line, or None where it is cut short or its checksum is wrong."""
    body = raw[_CRC_WIDTH:-1]
    if raw[-1:] != b"\n" or raw[:_CRC_WIDTH] != b"%08x " % zlib.crc32(body):
        return None
    try:
        line: Line = _DECODER.decode(body)
    except msgspec.DecodeError as error:
        raise LedgerUnavailable(f"the ledger's journal holds an unknown line: {error}") from error
    return line


def _salt() -> bytes:
    return secrets.token_bytes(_SALT_BYTES)


def _split(run: bytes) -> list[bytes]:
    return [run[start : start + KEY_BYTES] for start in range(0, len(run), KEY_BYTES)]
