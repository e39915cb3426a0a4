"""One worksheet part (ECMA-376 part 1, 18.3) and the shared strings: cells with where they stand.

Read by expat like any XML: no document type, no processing instruction, no comment among cells.
A cell that holds more than its type says is refused, since other readers may show the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from gateway.codecs.model import MalformedBody

MAX_SHEET_CELLS: Final = 5_000_000  # rows times columns up to the last cell
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376 part 1, 22.9.2.19
_WITH_VALUE: Final = frozenset({"f", "v"})
_CHILDREN: Final = {"inlineStr": frozenset({"is"})}
_IN_STRING: Final = frozenset({"t", "r", "rPr", "rPh", "phoneticPr"})
_Span = tuple[int, int]  # in bytes of the part


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: 0-based place, type (18.18.11), what it holds as written, and its bytes.

    `raw` is the text of `v`, or of the inline string. `formula` is empty where there is none.
    """

    row: int
    column: int
    kind: str
    style: str
    raw: str
    formula: str
    shared_formula: bool
    span: _Span


@dataclass(frozen=True, slots=True)
class Shared:
    """One shared string: its text, what is written above it (ruby), and its bytes."""

    text: str
    ruby: str
    span: _Span


class _Reader:
    """What both kinds of part have in common."""

    def __init__(self, body: bytes, part: str) -> None:
        self.body, self._part = body, part
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refused
        self._parser.ProcessingInstructionHandler = self._refused
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end
        self._parser.CharacterDataHandler = self._on_characters
        self._parser.CommentHandler = self._on_comment
        self.path: list[str] = []
        self.text: list[str] = []

    def parse(self) -> None:
        """Raises `MalformedBody`."""
        try:
            self._parser.Parse(self.body, True)
        except expat.ExpatError as error:
            raise self.malformed(expat.errors.messages[error.code]) from None

    def malformed(self, what: str) -> MalformedBody:
        """What is wrong where the reader is."""
        line = self._parser.CurrentLineNumber
        column = self._parser.CurrentColumnNumber + 1
        return MalformedBody(f"part {self._part} line {line} column {column}", what)

    @property
    def at(self) -> int:
        """Where the tag or text that is being handled begins."""
        return self._parser.CurrentByteIndex

    def after(self) -> int:
        """Where the tag that is being handled ends."""
        return self.body.index(b">", self.at) + 1

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _on_end(self, name: str) -> None:
        raise NotImplementedError

    def _on_characters(self, text: str) -> None:
        self.text.append(text)

    def taken(self) -> str:
        """The text since the last tag."""
        text = "".join(self.text)
        self.text.clear()
        return text

    def no_text(self) -> None:
        """Raises `MalformedBody` where text stands since the last tag."""
        if self.taken().strip():
            raise self.malformed("text where none is understood")

    def _on_comment(self, _: str) -> None:
        """Comments stand outside of what is read here; whoever reads the rest reads them."""

    def _refused(self, *_: Any) -> None:
        raise self.malformed("a document type or processing instruction")

    def _declaration(self, version: str, encoding: str | None, _: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() != "utf-8":
            raise self.malformed("another encoding than UTF-8")


class SheetReader(_Reader):
    """The cells of a worksheet, and the bytes of its `sheetData` content."""

    def __init__(self, body: bytes, part: str) -> None:
        """Raises `MalformedBody`."""
        super().__init__(body, part)
        self.cells: list[Cell] = []
        self.data: _Span | None = None  # inside the sheetData element
        self._begun = 0
        self._row, self._column = -1, -1
        self._attributes: dict[str, str] = {}
        self._found: dict[str, str] = {}
        self._shared_formula = False
        self._seen: set[tuple[int, int]] = set()
        self.parse()

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self.path.append(local)
        depth = len(self.path)
        if local == "sheetData" and depth == 2:
            if self.data is not None:
                raise self.malformed("a second sheetData")
            self._begun = self.after()
            self.text.clear()
        elif self.path[1:2] != ["sheetData"]:
            return
        self.no_text()
        if depth == 3:
            self._begin_row(local, attributes)
        elif depth == 4:
            self._begin_cell(local, attributes)
        elif depth == 5:
            self._begin_part(local, attributes)
        elif depth > 5 and (self.path[4] != "is" or not _in_string(self.path)):
            raise self.malformed("a cell with an element that is not understood")

    def _begin_row(self, local: str, attributes: dict[str, str]) -> None:
        if local != "row":
            raise self.malformed("an element among the rows that is none")
        number = attributes.get("r", str(self._row + 2))
        if not number.isascii() or not number.isdigit() or int(number) <= self._row + 1:
            raise self.malformed("a row out of order")
        self._row, self._column = int(number) - 1, -1

    def _begin_cell(self, local: str, attributes: dict[str, str]) -> None:
        if local != "c" or any(">" in value for value in attributes.values()):
            raise self.malformed("an element among the cells that is none")
        self._cell_begun = self.at
        self._attributes, self._found, self._shared_formula = attributes, {}, False
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        found = _REFERENCE.fullmatch(reference)
        column = column_number(found[1]) if found else -1
        if found is None or int(found[2]) != self._row + 1 or column <= self._column:
            raise self.malformed("a cell out of order")
        self._column = column

    def _begin_part(self, local: str, attributes: dict[str, str]) -> None:
        allowed = _CHILDREN.get(self._attributes.get("t", "n"), _WITH_VALUE)
        if local not in allowed or local in self._found:
            raise self.malformed("a cell with an element that is not understood")
        self._found[local] = ""
        if local == "f" and attributes.get("t", "normal") != "normal":
            self._shared_formula = True

    def _on_end(self, name: str) -> None:
        local, depth = self.path.pop(), len(self.path) + 1
        if depth == 2 and local == "sheetData":
            self.data = (self._begun, max(self.at, self._begun))
            return
        if self.path[1:2] != ["sheetData"]:
            return
        if depth == 5 and local != "is":
            self._found[local] = self.taken()
        elif depth > 5 and local == "t":
            self._found["is"] += self.taken()
        self.no_text()
        if depth == 4:
            self._end_cell()

    def _end_cell(self) -> None:
        kind = self._attributes.get("t", "n")
        cell = Cell(
            self._row,
            self._column,
            kind,
            self._attributes.get("s", ""),
            self._found.get("v", "") + self._found.get("is", ""),
            self._found.get("f", ""),
            self._shared_formula,
            (self._cell_begun, self.after()),
        )
        self.cells.append(cell)

    def _on_comment(self, _: str) -> None:
        if self.path[1:2] == ["sheetData"]:
            raise self.malformed("a comment among the cells")

    def extent(self) -> tuple[int, int]:
        """Rows and columns up to the last cell. Raises `MalformedBody` where they are too many."""
        rows = max((cell.row for cell in self.cells), default=-1) + 1
        columns = max((cell.column for cell in self.cells), default=-1) + 1
        if rows * columns > MAX_SHEET_CELLS:
            raise MalformedBody(f"part {self._part}", "cells too far apart")
        return rows, columns


class SharedReader(_Reader):
    """The shared strings (18.4.9), in order."""

    def __init__(self, body: bytes, part: str) -> None:
        """Raises `MalformedBody`."""
        super().__init__(body, part)
        self.strings: list[Shared] = []
        self._begun = 0
        self._texts: tuple[list[str], list[str]] = ([], [])
        self.parse()

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        local = name.rpartition(":")[2]
        self.path.append(local)
        if len(self.path) == 2:
            if local != "si":
                raise self.malformed("an element among the strings that is none")
            self._begun, self._texts = self.at, ([], [])
        elif len(self.path) > 2 and not _in_string(self.path):
            raise self.malformed("a string with an element that is not understood")
        self.no_text()

    def _on_end(self, name: str) -> None:
        local = self.path.pop()
        if local == "t":
            self._texts["rPh" in self.path].append(self.taken())
        self.no_text()
        if len(self.path) == 1:
            text, ruby = ("".join(texts) for texts in self._texts)
            self.strings.append(Shared(unescaped(text), ruby, (self._begun, self.after())))

    def _on_comment(self, _: str) -> None:
        raise self.malformed("a comment among the strings")


def column_number(letters: str) -> int:
    """The 0-based number of a column: A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """The name of the 0-based column `number`: 0 is A."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def unescaped(text: str) -> str:
    """`text` with `_xHHHH_` as the UTF-16 unit it stands for. Raises `MalformedBody`."""
    if "_x" not in text:
        return text
    units = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    try:
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise MalformedBody("a text", "half a character written as _xHHHH_") from None


def _in_string(path: Sequence[str]) -> bool:
    return path[-1] in _IN_STRING or path[-2] == "rPr"
