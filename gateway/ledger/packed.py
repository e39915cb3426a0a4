"""Subject keys and what is noted of them, in hardly more memory than their bytes take."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from gateway.ledger.model import KEY_BYTES

Entry = tuple[bytes, bytes]

_BITS: Final = 6  # of a key's second byte, which with its first say where it stands
_REST: Final = 8 - _BITS
_ROWS: Final = 1 << _BITS  # whose keys share their first byte


class PackedKeys:
    """Entries: a key of `KEY_BYTES` bytes and a note, all notes of one size.

    Keys that begin alike stand in one row, one behind the other: among a quarter of a million a
    row is searched in half a microsecond. A dict would take five times the memory.
    """

    def __init__(self, note_bytes: int) -> None:
        """No entry yet."""
        self._width: Final = KEY_BYTES + note_bytes
        self._rows: Final = [b""] * (256 * _ROWS)
        self._size = 0

    def __len__(self) -> int:
        """How many entries there are, equal ones counted each."""
        return self._size

    def add(self, entries: Collection[Entry]) -> None:
        """Append these, whether or not there are equal ones."""
        rows = self._rows
        for key, note in entries:
            rows[key[0] << _BITS | key[1] >> _REST] += key + note
        self._size += len(entries)

    def find(self, keys: Iterable[bytes]) -> Iterator[Entry]:
        """The entries of `keys`."""
        rows, width = self._rows, self._width
        for key in keys if self._size else ():
            row = rows[key[0] << _BITS | key[1] >> _REST]
            at = row.find(key)
            while at >= 0:
                if at % width:  # the end of one entry and the beginning of the next
                    at = row.find(key, at + 1)
                else:
                    yield key, row[at + KEY_BYTES : at + width]
                    at = row.find(key, at + width)

    def take(self, first: int) -> list[Entry]:
        """Remove the entries whose keys have this first byte; they are returned sorted."""
        found, width = [], self._width
        for number in range(first * _ROWS, (first + 1) * _ROWS):
            row, self._rows[number] = self._rows[number], b""
            found += [
                (row[at : at + KEY_BYTES], row[at + KEY_BYTES : at + width])
                for at in range(0, len(row), width)
            ]
        self._size -= len(found)
        found.sort()
        return found
