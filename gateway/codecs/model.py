"""What every codec has in common: a decoded body that takes edits and gives bytes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple, Protocol

from msgspec import Struct

from classifiers.model import Batch, Column


class MalformedBody(Exception):
    """The body cannot be read in one way only. Says where and what, never a value."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{what} at {where}")
        self.where = where
        self.what = what


class UnsupportedMedia(Exception):
    """No codec reads this media type."""


class UnsupportedCharset(Exception):
    """The media type is known, its charset is not one the codec reads."""


class BodyTooLarge(Exception):
    """The decoded body is over the byte budget."""


class CodecFault(Exception):
    """The codec contradicted itself while writing: nothing may be sent."""


class Untreatable(Exception):
    """An edit is of something that its format gives no way to change. Says what, never a value."""


class Piece(NamedTuple):
    """New text for the code points `start` to `end` (half-open) of a cell's decoded text."""

    start: int
    end: int
    text: str


class Edit(Struct, frozen=True, gc=False):
    """What becomes of one cell. `pieces` ascend and do not overlap."""

    pieces: tuple[Piece, ...]


class Removal(Enum):
    """The whole value goes: JSON null, an empty field elsewhere."""

    REMOVE = "remove"


REMOVE: Final = Removal.REMOVE
Change = Edit | Removal


class Document(Protocol):
    """One decoded body."""

    @property
    def batch(self) -> Batch:
        """Its cells in columns."""
        ...

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The body with `edits` (by cell handle) written in; all other bytes as they came.

        Raises `CodecFault` where the edits do not fit the body, `Untreatable` where one is of
        what cannot be changed.
        """
        ...


class Decoder(Protocol):
    """Reads one media type."""

    def __call__(
        self, body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = ""
    ) -> Document:
        """Decode the whole of `body`; `prefix` leads every pointer.

        `records` points to the array whose elements are the records, where the format has such
        arrays. With `key_cells` the key columns name each of their cells, so that keys can be
        treated. Raises `MalformedBody`.
        """
        ...


def handles_end(columns: Sequence[Column]) -> int:
    """The first number that no handle has: not every codec numbers its cells without gaps."""
    return max([_last(column.handles) + 1 for column in columns if column.handles], default=0)


def _last(handles: Sequence[int]) -> int:
    return handles[-1] if isinstance(handles, range) else max(handles)


def splice(units: list[str] | str, edit: Edit) -> list[str]:
    """`units` (one per code point of a cell) with each piece's span replaced by its text.

    The pieces' texts are taken as they are. Raises `CodecFault` if a span does not fit.
    """
    out: list[str] = []
    at = 0
    for piece in edit.pieces:
        if not at <= piece.start <= piece.end <= len(units):
            raise CodecFault("an edit does not fit its cell")
        out.extend(units[at : piece.start])
        out.append(piece.text)
        at = piece.end
    out.extend(units[at:])
    return out
