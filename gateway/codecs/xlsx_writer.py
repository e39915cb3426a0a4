"""Changes written into a workbook's parts; parts without any keep their bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

from gateway.codecs.model import Change, CodecFault
from gateway.codecs.ooxml import pack
from gateway.codecs.sheet import Cell, SheetReader, column_letters
from gateway.codecs.workbook import NUMBER, SHARED, Book, Grid

_CALC_CHAIN: Final = "xl/calcChain.xml"
_CHAINED: Final = re.compile(
    rb"<(?:\w+:)?(?:Override|Relationship)\b[^>]*\bcalcChain\.xml\"[^>]*/>"
)
_CHAINING: Final = ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
_OPENING: Final = re.compile(rb"<((?:[^\s:/>]+:)?)")
_SPELT: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # would be read as a character
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Changes:
    """New texts by part and number; None where a cell's value is removed."""

    cells: dict[str, dict[int, str | None]] = field(default_factory=dict)
    formulas: dict[str, set[int]] = field(default_factory=dict)  # to go, their values stay
    strings: dict[int, str] = field(default_factory=dict)
    rubies: set[int] = field(default_factory=set)  # of shared strings, to go
    others: dict[str, dict[int, Change]] = field(default_factory=dict)


def written(book: Book, changes: Changes) -> bytes:
    """The workbook with `changes`. Raises `CodecFault` where they cannot be written."""
    parts = dict(book.package.parts)
    unchained = False
    for grid in book.grids:
        texts = dict(changes.cells.get(grid.part, {}))
        for number in changes.formulas.get(grid.part, ()):
            texts.setdefault(number, grid.cells[number][1])
        if texts:
            unchained |= any(grid.cells[number][0].formula for number in texts)
            parts[grid.part] = _rows(parts[grid.part], grid, texts)
    if SHARED in parts:
        parts[SHARED] = _strings(book, changes)
    for name, edits in changes.others.items():
        parts[name] = _other(book, name, parts[name], edits)
    if unchained and parts.pop(_CALC_CHAIN, None) is not None:
        for name in _CHAINING:
            parts[name] = _CHAINED.sub(b"", parts[name])
    return pack(parts)


def _spliced(body: bytes, pieces: Mapping[tuple[int, int], bytes]) -> bytes:
    out, at = [], 0
    for (start, end), new in sorted(pieces.items()):
        out += [body[at:start], new]
        at = end
    return b"".join([*out, body[at:]])


def _rows(body: bytes, grid: Grid, texts: Mapping[int, str | None]) -> bytes:
    pieces = {}
    for number, text in texts.items():
        cell, old = grid.cells[number]
        pieces[cell.span] = _cell(body, cell, old, text)
    return _spliced(body, pieces)


def _cell(body: bytes, cell: Cell, old: str, text: str | None) -> bytes:
    """A cell that shows `text`, in its place and style; a number only where `old` was one."""
    if cell.shared_formula:
        raise CodecFault("a cell whose formula is shared with others cannot be treated")
    prefix = _prefix(body, cell.span[0])
    attributes = f" r={quoteattr(column_letters(cell.column) + str(cell.row + 1))}"
    if cell.style:
        attributes += f" s={quoteattr(cell.style)}"
    if text is None:
        return f"<{prefix}c{attributes}/>".encode()
    if cell.kind == "n" and NUMBER.fullmatch(old) and NUMBER.fullmatch(text):
        return f"<{prefix}c{attributes}><{prefix}v>{text}</{prefix}v></{prefix}c>".encode()
    shown = f"<{prefix}is>{_text(prefix, text)}</{prefix}is>"
    return f'<{prefix}c{attributes} t="inlineStr">{shown}</{prefix}c>'.encode()


def _prefix(body: bytes, at: int) -> str:
    found = _OPENING.match(body, at)
    return found[1].decode() if found else ""


def _text(prefix: str, text: str) -> str:
    if _FORBIDDEN.search(text):
        raise CodecFault("an edit's text cannot stand in XML")
    shown = xml_escape(_SPELT.sub("_x005F_", text), {"\r": "&#13;"})
    return f'<{prefix}t xml:space="preserve">{shown}</{prefix}t>'


def _strings(book: Book, changes: Changes) -> bytes:
    """The shared strings, without those that only edited cells showed."""
    before, after = _shown(book, {}), _shown(book, changes.cells)
    body, pieces = book.package.parts[SHARED], {}
    for number, string in enumerate(book.strings):
        text = changes.strings.get(number)
        if number in before - after:
            text = ""
        elif text is None and number in changes.rubies:
            text = string.text
        if text is not None:
            prefix = _prefix(body, string.span[0])
            pieces[string.span] = f"<{prefix}si>{_text(prefix, text)}</{prefix}si>".encode()
    return _spliced(body, pieces) if pieces else body


def _shown(book: Book, edited: Mapping[str, Mapping[int, str | None]]) -> set[int]:
    return {
        book.shared(cell, grid.part)
        for grid in book.grids
        for number, (cell, _) in enumerate(grid.cells)
        if cell.kind == "s" and number not in edited.get(grid.part, ())
    }


def _other(book: Book, name: str, part: bytes, edits: Mapping[int, Change]) -> bytes:
    """A part read as XML; a worksheet gets its rows back."""
    new = book.others[name].encode(edits)
    if name not in book.readers:
        return new
    rows = SheetReader(part, name).data or (0, 0)
    hole = SheetReader(new, name).data or (0, 0)
    return new[: hole[0]] + part[rows[0] : rows[1]] + new[hole[1] :]
