"""JSON Lines: one JSON text a line, each a record; all lines share their columns.

Blank lines are kept and are no records.
"""

from __future__ import annotations

from gateway.codecs.json import document, parse
from gateway.codecs.model import Document
from gateway.codecs.places import Place
from gateway.codecs.walked import walked


def decode(
    body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = ""
) -> Document:
    """Read JSON Lines. `records` does not apply. Raises `MalformedBody` naming the line."""
    del records
    found = None if key_cells else walked(body, prefix=prefix, lines=True)
    if found is not None:
        return found
    values = [
        parse(text, line=number)
        for number, text in enumerate(body.split(b"\n"), start=1)
        if text.strip(b" \t\r")
    ]
    root = Place(prefix, "", values, range(len(values)))
    return document(body, root, records=len(values), key_cells=key_cells)
