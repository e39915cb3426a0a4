"""What a JSON token becomes when its cell is edited: every byte outside the edit is kept."""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import Final

from classifiers.model import CellKind
from gateway.codecs.model import CodecFault, Edit, Piece, splice

_UNIT: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]",
    re.DOTALL,
)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)


def null_for(kind: CellKind, null: bytes) -> bytes:
    """`null`, in place of a value that is removed."""
    if kind is CellKind.KEY:
        raise CodecFault("a key cannot be removed, only renamed")
    return null


def scalar(text: str, edit: Edit, kind: CellKind) -> bytes:
    """What was a number stays one if it still reads as one; anything else becomes a string."""
    text = "".join(splice(text, edit))
    if kind is CellKind.NUMBER and _NUMBER.fullmatch(text):
        return text.encode()
    if kind is CellKind.BOOLEAN and text in ("true", "false"):
        return text.encode()
    return b'"' + _encoded(quoted(text)) + b'"'


def string(raw: bytes, text: str, edit: Edit) -> bytes:
    """The inside of a string token with the edit's spans replaced and every other byte kept."""
    if len(edit.pieces) == 1 and edit.pieces[0][:2] == (0, len(text)):
        return _encoded(quoted(edit.pieces[0].text))
    spelt = raw.decode()
    units = _UNIT.findall(spelt) if "\\" in spelt else spelt
    if len(units) != len(text):
        raise CodecFault("a string token is not the one that was decoded")
    return _encoded("".join(splice(units, _quoted(edit))))


def _quoted(edit: Edit) -> Edit:
    return Edit(tuple(Piece(p.start, p.end, quoted(p.text)) for p in edit.pieces))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise CodecFault("an edit's text is not Unicode") from error


def quoted(text: str) -> str:
    """`text` as the inside of a JSON string."""
    return str(encode_basestring(text))[1:-1]
