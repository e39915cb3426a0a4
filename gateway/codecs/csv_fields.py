"""One field of a table as it stands, and as it stands once it is edited (RFC 4180)."""

from __future__ import annotations

import re
from typing import Final

from gateway.codecs.model import Change, CodecFault, Edit, Piece, splice

_UNIT: Final = re.compile(r'""|[^"]', re.DOTALL)


def written(raw: str, change: Change, delimiter: str, *, named: bool) -> str:
    """The field `raw` with `change` in it, quoted where it was or has to be.

    Raises `CodecFault` where it names a column and would go.
    """
    if not isinstance(change, Edit):
        if named:
            raise CodecFault("a column's name cannot be removed, only changed")
        return ""
    if not raw.startswith('"'):
        new = "".join(splice(raw, change))
        if not any(char in new for char in ('"', "\r", "\n", delimiter)):
            return new
        raw = '"' + raw + '"'
    doubled = tuple(Piece(p.start, p.end, p.text.replace('"', '""')) for p in change.pieces)
    return '"' + "".join(splice(_UNIT.findall(raw[1:-1]), Edit(doubled))) + '"'
