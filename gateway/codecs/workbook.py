"""An XLSX workbook (ECMA-376) as grids of texts, with where every text stands.

Cells are read from the parts themselves; numbers that a style shows as dates or times are read by
calamine, which knows the styles.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.parsers import expat

from gateway.codecs.model import MalformedBody
from gateway.codecs.ooxml import Package, unpack
from gateway.codecs.places import escape
from gateway.codecs.sheet import Cell, SharedReader, SheetReader, column_letters, unescaped
from gateway.codecs.xml import decode as decode_xml

WORKBOOK: Final = "xl/workbook.xml"
SHARED: Final = "xl/sharedStrings.xml"
NUMBER: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_XML: Final = (".xml", ".rels", ".vml")
_MAX_HEADER_ROW: Final = 20  # a header stands among the first rows, or there is none
_EXACT: Final = 1e15  # below it every whole number is a double of its own
_NAMELESS: Final = ("n", "b", "e")  # types of cells that are no words
_Dates = Mapping[tuple[int, int], str]  # row and column -> text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as texts. `rows` are those below the header, `above` those before it."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    above: Sequence[Sequence[str]]


class Grid:
    """One sheet's cells with their texts, and where its table begins."""

    def __init__(self, name: str, part: str, cells: Sequence[Cell], texts: Sequence[str]) -> None:
        """`texts` run in parallel to `cells`; a cell with neither text nor formula is none."""
        self.name, self.part = name, part
        pairs = zip(cells, texts, strict=True)
        self.cells = [(cell, text) for cell, text in pairs if text or cell.formula]
        self.width = max((cell.column for cell, _ in self.cells), default=-1) + 1
        self.height = max((cell.row for cell, _ in self.cells), default=-1) + 1
        self.header = self._header()

    def _header(self) -> int:
        """The first row that names every column differently and in words; -1 for none."""
        by_row: dict[int, list[tuple[Cell, str]]] = {}
        for cell, text in self.cells:
            by_row.setdefault(cell.row, []).append((cell, text))
            if len(by_row) > _MAX_HEADER_ROW:
                break
        for row, found in by_row.items():
            texts = [text for cell, text in found if text and cell.kind not in _NAMELESS]
            if len(set(texts)) == self.width == len(found) and not any(map(_numeric, texts)):
                return row
        return -1

    def names(self) -> list[str]:
        """The columns' names."""
        names = [column_letters(number) for number in range(self.width)]
        for cell, text in self.cells:
            if cell.row == self.header:
                names[cell.column] = text
        return names

    def sheet(self) -> Sheet:
        """The texts in rows."""
        rows = [[""] * self.width for _ in range(self.height)]
        for cell, text in self.cells:
            rows[cell.row][cell.column] = text
        return Sheet(self.name, self.names(), rows[self.header + 1 :], rows[: max(self.header, 0)])


class Book:
    """A workbook's parts, read. `unread` names those that cannot be."""

    def __init__(self, body: bytes) -> None:
        """Raises `MalformedBody` or `BodyTooLarge`."""
        self.package = unpack(body)
        parts = self.package.parts
        self.unread = [n for n in parts if not n.lower().endswith(_XML) and not n.endswith("/")]
        sheets = _sheets(self.package)
        self.strings = SharedReader(parts[SHARED], SHARED).strings if SHARED in parts else []
        self.readers = {part: SheetReader(parts[part], part) for _, part in sheets}
        dates = _dates(body, self.readers, sheets)
        self.grids = [self._grid(name, part, dates.get(part, {})) for name, part in sheets]
        self.others = {
            name: decode_xml(self.without_rows(name), prefix=f"file:/{escape(name)}")
            for name, part in parts.items()
            if part and name != SHARED and name not in self.unread
        }

    def without_rows(self, name: str) -> bytes:
        """A part; of a worksheet, all but its rows."""
        body = self.package.parts[name]
        start, end = (self.readers[name].data or (0, 0)) if name in self.readers else (0, 0)
        return body[:start] + body[end:]

    def _grid(self, name: str, part: str, dates: _Dates) -> Grid:
        cells = self.readers[part].cells
        return Grid(name, part, cells, [self._text(cell, part, dates) for cell in cells])

    def _text(self, cell: Cell, part: str, dates: _Dates) -> str:
        if cell.kind == "s":
            return self.strings[self.shared(cell, part)].text
        if cell.kind in ("str", "inlineStr"):
            return unescaped(cell.raw)
        if cell.kind == "b":
            return {"0": "false", "1": "true"}.get(cell.raw, cell.raw)
        if cell.kind == "n" and cell.raw:
            return dates.get((cell.row, cell.column)) or _number(cell.raw, part)
        return cell.raw

    def shared(self, cell: Cell, part: str) -> int:
        """Which shared string a cell shows. Raises `MalformedBody`."""
        number = int(cell.raw) if cell.raw.isascii() and cell.raw.isdigit() else -1
        if not 0 <= number < len(self.strings):
            raise MalformedBody(f"part {part}", "a cell with a shared string that is none")
        return number


def _sheets(package: Package) -> list[tuple[str, str]]:
    """Name and part of each worksheet, in order. Raises `MalformedBody`."""
    parts = package.parts
    if WORKBOOK not in parts or _RELATIONS not in parts:
        raise MalformedBody("the whole body", "no workbook at its usual place")
    targets = {
        each["Id"]: posixpath.normpath(posixpath.join("/xl", each["Target"]))[1:]
        for each in _elements(parts[_RELATIONS], "Relationship")
        if each.get("Type", "").endswith("/worksheet") and "Id" in each and "Target" in each
    }
    found = []
    for sheet in _elements(parts[WORKBOOK], "sheet"):
        ident = next((value for key, value in sheet.items() if key.endswith(":id")), "")
        part = targets.get(ident)
        if part is not None:
            if part not in parts or "name" not in sheet:
                raise MalformedBody(f"part {WORKBOOK}", "a sheet that is not there")
            found.append((sheet["name"], part))
    if len({part for _, part in found}) < len(found) or len({n for n, _ in found}) < len(found):
        raise MalformedBody(f"part {WORKBOOK}", "two sheets of one name or part")
    return found


def _elements(body: bytes, local: str) -> list[dict[str, str]]:
    """The attributes of every element of that local name. Raises `MalformedBody`."""
    decode_xml(body)  # refuses document types and the like
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == local:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(body, True)
    return found


def _dates(
    body: bytes, readers: Mapping[str, SheetReader], sheets: Sequence[tuple[str, str]]
) -> dict[str, _Dates]:
    """The texts of numbers that are shown as dates or times, by part and place."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 only for workbooks

    for reader in readers.values():
        reader.extent()
    found: dict[str, _Dates] = {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        for name, part in sheets:
            if any(cell.style for cell in readers[part].cells):
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                found[part] = {
                    (row, column): text
                    for row, values in enumerate(rows)
                    for column, value in enumerate(values)
                    if (text := _date(value))
                }
    except CalamineError:
        raise MalformedBody("the whole body", "no workbook that can be read") from None
    return found


def _date(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""


def _number(raw: str, part: str) -> str:
    """A number as a sheet shows it: 1.38E10 is 13800000000."""
    if not NUMBER.fullmatch(raw):
        raise MalformedBody(f"part {part}", "a number that is none")
    if raw.isdigit():
        return raw
    value = float(raw)
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else raw


def _numeric(text: str) -> bool:
    return any(char.isdigit() for char in text) and not any(char.isalpha() for char in text)
