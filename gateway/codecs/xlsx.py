"""XLSX workbooks (ECMA-376) to columns and back, for files.

Each sheet is a table at `/<sheet>`: a column's name is its header, else its letters; every row
below the header is a record. What else a workbook holds is data too and stands at `file:/<part>`:
comments, properties, formulas, page headers, defined names, strings that no cell shows. A part
that is not XML (pictures, macros, printer settings) cannot be inspected: `unread` names them, and
such a workbook is not decoded for export.

Parts without edits keep their bytes. An edited cell becomes an inline string (or stays a number)
with its style; its formula and ruby go, and so does a shared string that no cell shows any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.model import (
    Change,
    CodecFault,
    Edit,
    MalformedBody,
    UnsupportedMedia,
    splice,
)
from gateway.codecs.places import MAX_PLACES, escape, fold
from gateway.codecs.workbook import SHARED, Book, Grid, Sheet
from gateway.codecs.xlsx_writer import Changes, written

_SHARED_ROW: Final = -1
_UNSPOKEN: Final = (".rels", "[Content_Types].xml", "docProps/app.xml", "styles.xml", "theme1.xml")
_SPOKEN: Final = frozenset(  # attributes that people write
    "author descr display error errorTitle prompt promptTitle title tooltip userName".split()
)


class _Kind(Enum):
    """What a column's cells are in the workbook."""

    CELL = "cell"
    FORMULA = "formula"
    STRING = "string"  # a shared one
    RUBY = "ruby"
    OTHER = "other"  # stands in a part that is read as any XML
    FIXED = "fixed"


_Source = tuple[_Kind, str, Sequence[int]]  # kind, part, numbers of the cells there


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as it is read. `unread` names the parts that cannot be inspected."""

    sheets: Sequence[Sheet]
    unread: Sequence[str]
    batch: Batch


def read(body: bytes) -> Workbook:
    """Read a workbook for people to look at. Raises `MalformedBody` or `BodyTooLarge`."""
    book = Book(body)
    document = XlsxDocument(body, book, prefix="", key_cells=False)
    return Workbook([grid.sheet() for grid in book.grids], book.unread, document.batch)


def decode(
    body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = ""
) -> XlsxDocument:
    """Read a workbook. `records` does not apply.

    Raises `MalformedBody`, `BodyTooLarge`, and `UnsupportedMedia` where a part cannot be inspected.
    """
    del records
    book = Book(body)
    if book.unread:
        raise UnsupportedMedia(
            f"the workbook's part {book.unread[0]} cannot be inspected; save it without"
        )
    return XlsxDocument(body, book, prefix=prefix, key_cells=key_cells)


class XlsxDocument:
    """A decoded workbook. Handles run through the columns in order."""

    def __init__(self, body: bytes, book: Book, *, prefix: str, key_cells: bool) -> None:
        """`book` has read `body`. Raises `MalformedBody`."""
        self._book, self._prefix = book, prefix
        self._key_cells = key_cells
        self._columns: list[Column] = []
        self._firsts = [0]
        self._sources: list[_Source] = []  # parallel to `_columns`
        self._records = 0
        self._keys(prefix, [grid.name for grid in book.grids], (_Kind.FIXED, "", ()))
        for grid in book.grids:
            self._grid(grid)
        self._strings()
        for part in book.others:
            self._part(part)
        names = " ".join(book.package.parts)
        self._add("file:/package", "", [names], (_Kind.FIXED, "", [0]), kind=_technical(names))
        if len(self._columns) > MAX_PLACES:
            raise MalformedBody("the whole body", f"more than {MAX_PLACES} different places")
        self.batch = Batch(self._columns, records=self._records, source_bytes=len(body))

    def _add(
        self,
        pointer: str,
        name: str,
        texts: Sequence[str],
        source: _Source,
        *,
        rows: Sequence[int] | None = None,
        kind: CellKind = CellKind.TEXT,
    ) -> None:
        values, refs = fold(texts)
        handles = range(self._firsts[-1], self._firsts[-1] + len(texts))
        rows = [_SHARED_ROW] * len(texts) if rows is None else rows
        self._columns.append(Column(pointer, name, kind, values, rows, refs, handles))
        self._sources.append(source)
        self._firsts.append(handles.stop)

    def _keys(self, pointer: str, names: Sequence[str], source: _Source) -> None:
        """Names of sheets or columns; only those that stand in cells can be changed."""
        cells = names if self._key_cells and source[2] else ()
        self._add(KEY_PREFIX + pointer, "", cells, source)
        added = self._columns[-1]
        self._columns[-1] = Column(
            added.pointer, "", CellKind.KEY, list(names), added.rows, added.refs, added.handles
        )

    def _grid(self, grid: Grid) -> None:
        names = grid.names()
        pointer = f"{self._prefix}/{escape(grid.name)}"
        head = [i for i, (cell, _) in enumerate(grid.cells) if cell.row == grid.header]
        self._keys(pointer, names, (_Kind.CELL, grid.part, head))
        inside: dict[int, list[int]] = {}
        above = []
        for number, (cell, text) in enumerate(grid.cells):
            if not text:
                continue
            if cell.row > grid.header:
                inside.setdefault(cell.column, []).append(number)
            elif cell.row < grid.header:
                above.append(number)
        first = self._records - grid.header - 1
        for column, numbers in sorted(inside.items()):
            name = names[column]
            texts = [grid.cells[number][1] for number in numbers]
            rows = [first + grid.cells[number][0].row for number in numbers]
            source = (_Kind.CELL, grid.part, numbers)
            self._add(f"{pointer}/{escape(name)}", name, texts, source, rows=rows)
        at = f"file:/{escape(grid.part)}"
        titles = [grid.cells[number][1] for number in above]
        self._add(f"{at}/above", "", titles, (_Kind.CELL, grid.part, above))
        formulas = {n: cell.formula for n, (cell, _) in enumerate(grid.cells) if cell.formula}
        source = (_Kind.FORMULA, grid.part, [*formulas])
        self._add(f"{at}/formula", "", [*formulas.values()], source)
        self._records += max(grid.height - grid.header - 1, 0)

    def _strings(self) -> None:
        """Shared strings that no cell shows, and what is written above the others."""
        book = self._book
        shown = {
            book.shared(cell, grid.part)
            for grid in book.grids
            for cell, _ in grid.cells
            if cell.kind == "s"
        }
        unshown = {n: s.text for n, s in enumerate(book.strings) if s.text and n not in shown}
        ruby = {n: s.ruby for n, s in enumerate(book.strings) if s.ruby}
        at = f"file:/{escape(SHARED)}"
        self._add(at, "", [*unshown.values()], (_Kind.STRING, SHARED, [*unshown]))
        self._add(f"{at}/rPh", "", [*ruby.values()], (_Kind.RUBY, SHARED, [*ruby]))

    def _part(self, part: str) -> None:
        """A part that is no table: texts by place, settings and names of styles apart."""
        settings: dict[int, str] = {}
        for column in self._book.others[part].batch.columns:
            if column.kind is CellKind.KEY:
                continue
            texts = [column.values[ref] for ref in column.refs]
            if _spoken(part, column.pointer):
                self._add(column.pointer, column.name, texts, (_Kind.OTHER, part, column.handles))
            else:
                settings.update(zip(column.handles, texts, strict=True))
        for kind in (CellKind.NUMBER, CellKind.TEXT):
            chosen = {n: text for n, text in settings.items() if _technical(text) is kind}
            at = f"file:/{escape(part)}/settings"
            self._add(at, "", [*chosen.values()], (_Kind.OTHER, part, [*chosen]), kind=kind)

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The workbook with `edits`, packed anew. Raises `CodecFault` where they do not fit."""
        changes = Changes()
        for handle, change in edits.items():
            if not 0 <= handle < self._firsts[-1]:
                raise CodecFault("an edit names a cell that the body does not have")
            index = bisect_right(self._firsts, handle) - 1
            column, at = self._columns[index], handle - self._firsts[index]
            text = column.values[column.refs[at]]
            new = "".join(splice(text, change)) if isinstance(change, Edit) else None
            kind, part, numbers = self._sources[index]
            if kind is _Kind.CELL:
                changes.cells.setdefault(part, {})[numbers[at]] = new
            elif kind is _Kind.FORMULA:
                changes.formulas.setdefault(part, set()).add(numbers[at])
            elif kind is _Kind.STRING:
                changes.strings[numbers[at]] = new or ""
            elif kind is _Kind.RUBY:
                changes.rubies.add(numbers[at])
            elif kind is _Kind.OTHER:
                changes.others.setdefault(part, {})[numbers[at]] = change
            else:
                raise CodecFault("a name within the workbook's archive cannot be treated")
        return written(self._book, changes)


def _spoken(part: str, pointer: str) -> bool:
    """Whether what stands there is meant for people: no reference, style or setting."""
    if part.endswith(_UNSPOKEN):
        return False
    name = pointer.rpartition("/")[2]
    return not name.startswith("@") or name[1:] in _SPOKEN


def _technical(text: str) -> CellKind:
    """Settings in ASCII hold no prose, though they may hold a number or an address."""
    return CellKind.NUMBER if text.isascii() else CellKind.TEXT
