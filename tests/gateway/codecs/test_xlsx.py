"""Workbooks: what is read, what is written, what is refused."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from classifiers.model import Batch
from gateway.codecs.model import (
    REMOVE,
    BodyTooLarge,
    CodecFault,
    Edit,
    MalformedBody,
    Piece,
    UnsupportedMedia,
)
from gateway.codecs.xlsx import decode, read

MOMENT = datetime.datetime.fromisoformat("1991-02-03 04:05")
ROWS = [
    ["姓名", "电话", "生日", "金额", "标注"],
    ["张三", 13800138000, datetime.date(1990, 1, 2), 1.5, '=B2&"x"'],
    ["李四", "13900139000", MOMENT, 1e10, "张三"],
    [None, None, None, None, True],
]


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(rows: list[list[Any]] = ROWS, *, title: str = "客户") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)


def parts_of(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def changed(part: str, old: str, new: str, body: bytes | None = None) -> bytes:
    parts = parts_of(body or workbook())
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new, 1).encode()
    return packed(parts)


SHEET = "xl/worksheets/sheet1.xml"
FORMULA = "file:/xl~1worksheets~1sheet1.xml/formula"
STRINGS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<si><t>张三</t></si><si><r><t>138</t></r><r><t>00138000</t></r></si>"
    '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>'
    "<si><t>13700137000</t></si></sst>"
)


def shared() -> bytes:
    """A workbook as Excel writes it: with shared strings, one of them shown nowhere."""
    parts = parts_of(workbook([["a", "b"], ["x", "y"], ["z", "x"]]))
    sheet = parts[SHEET].decode()
    for text, number in (("x", 0), ("y", 1), ("z", 2), ("x", 0)):
        old = f't="inlineStr"><is><t>{text}</t></is>'
        sheet = sheet.replace(old, f't="s"><v>{number}</v>', 1)
    parts[SHEET] = sheet.encode()
    parts["xl/sharedStrings.xml"] = STRINGS.encode()
    return packed(parts)


def cells(batch: Batch) -> dict[str, list[str]]:
    return {c.pointer: [c.values[ref] for ref in c.refs] for c in batch.columns if c.refs}


def handle(batch: Batch, pointer: str, at: int = 0) -> int:
    return next(c.handles[at] for c in batch.columns if c.pointer == pointer)


def test_a_sheet_is_a_table() -> None:
    """Header, rows, numbers as shown, dates by their style, blanks left out."""
    found = read(workbook())
    (sheet,) = found.sheets
    assert (sheet.name, list(sheet.header)) == ("客户", ROWS[0])
    assert list(sheet.rows[0]) == ["张三", "13800138000", "1990-01-02", "1.5", ""]
    assert list(sheet.rows[1])[1:4] == ["13900139000", "1991-02-03 04:05:00", "10000000000"]
    assert found.unread == []
    batch = decode(workbook()).batch
    assert cells(batch)["/客户/电话"] == ["13800138000", "13900139000"]
    assert batch.records == 3
    phones = next(c for c in batch.columns if c.pointer == "/客户/电话")
    assert (phones.name, list(phones.rows)) == ("电话", [0, 1])
    assert cells(batch)[f"file:/{SHEET.replace('/', '~1')}/formula"] == ['B2&"x"']


def test_titles_above_and_sheets_beside() -> None:
    """A title is no header; every sheet counts on; without a header columns have letters."""
    book = openpyxl.Workbook()
    book.active.append(["客户名单 13800138000"])
    book.active.append(["姓名", "电话"])
    book.active.append(["张三", "1"])
    other = book.create_sheet("2")
    other.sheet_state = "veryHidden"
    other.append([1, 13900139000])
    batch = decode(saved(book)).batch
    found = cells(batch)
    assert found[f"file:/{SHEET.replace('/', '~1')}/above"] == ["客户名单 13800138000"]
    assert found["/2/B"] == ["13900139000"]
    assert batch.records == 2


def test_what_else_a_workbook_holds_is_data() -> None:
    """Comments, properties, page headers, links, strings no cell shows, ruby, bytes between."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.properties.creator = "王小明"
    book.active["A2"].comment = Comment("致电 13600136000", "李雷")
    book.active.oddHeader.center.text = "赵六"
    book.active["A3"].hyperlink = "mailto:li@example.com"
    texts = [text for found in cells(decode(saved(book)).batch).values() for text in found]
    for want in ("王小明", "致电 13600136000", "李雷", "赵六", "mailto:li@example.com"):
        assert any(want in text for text in texts), want
    texts = [text for found in cells(decode(shared()).batch).values() for text in found]
    assert {"13700137000", "トウキョウ"} <= set(texts)
    out = io.BytesIO(shared())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"13500135000"
    assert b"13500135000" not in decode(out.getvalue()).encode({})
    named = packed(parts_of(shared()) | {"xl/13500135000.xml": b"<a/>"})
    assert "13500135000" in cells(decode(named).batch)["file:/package"][0]


def test_cells_are_written_in_place() -> None:
    """Only the edited cells change; other readers see the new texts; other parts keep bytes."""
    body = workbook()
    document = decode(body)
    assert parts_of(document.encode({})) == parts_of(body)
    batch = document.batch
    out = document.encode(
        {
            handle(batch, "/客户/姓名"): Edit((Piece(0, 2, "某<某>&_x0041_"),)),
            handle(batch, "/客户/电话"): REMOVE,
            handle(batch, "/客户/电话", 1): Edit((Piece(3, 7, "****"),)),
            handle(batch, "/客户/金额"): Edit((Piece(0, 3, "2"),)),
            handle(batch, "/客户/生日"): Edit((Piece(0, 10, "1990"),)),
        }
    )
    sheet = openpyxl.load_workbook(io.BytesIO(out)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1] == ["某<某>&_x005F_x0041_", None, "1990", 2, '=B2&"x"']
    assert rows[2] == ["李四", "139****9000", MOMENT, 1e10, "张三"]
    before, after = parts_of(body), parts_of(out)
    assert {name for name in before if before[name] != after[name]} == {SHEET}
    assert cells(decode(out).batch)["/客户/姓名"] == ["某<某>&_x0041_", "李四"]


def test_shared_strings_go_with_their_last_cell() -> None:
    """A string that another cell still shows stays; ruby and unshown strings can be treated."""
    document = decode(shared())
    batch = document.batch
    assert cells(batch)["/客户/a"] == ["张三", "東京"]
    first = document.encode({handle(batch, "/客户/a"): REMOVE})
    assert "张三" in parts_of(first)["xl/sharedStrings.xml"].decode()
    both = document.encode({handle(batch, "/客户/a"): REMOVE, handle(batch, "/客户/b", 1): REMOVE})
    assert "张三".encode() not in b"".join(parts_of(both).values())
    assert cells(decode(both).batch)["/客户/b"] == ["13800138000"]
    strings = "file:/xl~1sharedStrings.xml"
    out = document.encode({handle(batch, strings): REMOVE, handle(batch, f"{strings}/rPh"): REMOVE})
    text = parts_of(out)["xl/sharedStrings.xml"].decode()
    assert "13700137000" not in text
    assert "トウキョウ" not in text
    assert cells(decode(out).batch)["/客户/a"] == ["张三", "東京"]


def test_formulas_and_other_parts_are_written() -> None:
    """A formula goes and its value stays; a page header beside the rows is edited."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.active.oddHeader.center.text = "赵六"
    body = saved(book)
    body = changed(SHEET, '<c r="E2"><f>', '<c r="E2" t="str"><f>', body)
    body = changed(SHEET, "<v />", "<v>13800138000x</v>", body)
    document = decode(body)
    at = f"file:/{SHEET.replace('/', '~1')}"
    batch = document.batch
    head = next(c for c in batch.columns if c.pointer.endswith("/oddHeader"))
    out = document.encode(
        {
            handle(batch, f"{at}/formula"): REMOVE,
            head.handles[0]: Edit((Piece(2, 4, "某某"),)),
            handle(batch, "/客户/姓名"): REMOVE,
        }
    )
    again = cells(decode(out).batch)
    assert f"{at}/formula" not in again
    assert again["/客户/标注"][0] == "13800138000x"
    assert again[head.pointer] == ["&C某某"]
    assert again["/客户/姓名"] == ["李四"]


def test_header_cells_are_keys() -> None:
    """With key cells a header can be renamed; a sheet's name cannot."""
    batch = decode(workbook(), key_cells=True).batch
    keys = {c.pointer: c for c in batch.columns if c.kind == "key"}
    assert list(keys["key:/客户"].values) == ROWS[0]
    assert list(keys["key:"].values) == ["客户"]
    document = decode(workbook(), key_cells=True)
    out = document.encode({keys["key:/客户"].handles[0]: Edit((Piece(0, 2, "甲"),))})
    assert read(out).sheets[0].header[0] == "甲"
    with pytest.raises(CodecFault):
        document.encode({keys["key:/客户"].handles[-1] + 10_000: REMOVE})


def test_escaped_characters_are_read() -> None:
    """`_x0031_` is how a 1 may be written."""
    body = changed(SHEET, "<t>13900139000</t>", "<t>_x0031_3900139000</t>")
    assert "13900139000" in cells(decode(body).batch)["/客户/电话"]
    with pytest.raises(MalformedBody):
        decode(changed(SHEET, "<t>13900139000</t>", "<t>_xD83D_</t>"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<sheetData>", "<!DOCTYPE x><sheetData>"),
        ('<row r="2">', '<?x y?><row r="2">'),
        ('<row r="2">', '<!-- 13800138000 --><row r="2">'),
        ('<row r="2">', '13800138000<row r="2">'),
        ('<row r="2">', '<row r="9"/><row r="2">'),
        ('<row r="2">', '<x>13800138000</x><row r="2">'),
        ('<c r="B2"', '<c r="A2"'),
        ("<v>13800138000</v>", "<v>13800138000</v><v>1</v>"),
        ("<v>13800138000</v>", "<v>1</v><is><t>13800138000</t></is>"),
        ("<v>13800138000</v>", "13800138000<v>1</v>"),
        ("<v>13800138000</v>", "<v>1</v>13800138000"),
        ("<v>13800138000</v>", "<v>1</v><extLst>13800138000</extLst>"),
        ("<v>13800138000</v>", "<v>abc</v>"),
        ("<is><t>张三</t></is>", "<is>张三<t>x</t></is>"),
        ("<is><t>张三</t></is>", "<is><x>张三</x></is>"),
        ('<row r="4">', '<row r="1048576">'),
    ],
)
def test_sheets_that_read_in_two_ways_are_refused(old: str, new: str) -> None:
    """Text outside of cells, doubled or foreign elements, cells out of order."""
    if "1048576" in new:
        body = changed(SHEET, old, new)
        body = changed(SHEET, '<c r="E4"', '<c r="XFD1048576"', body)
    else:
        body = changed(SHEET, old, new)
    with pytest.raises(MalformedBody):
        decode(body)


def test_archives_that_read_in_two_ways_are_refused() -> None:
    """Damage, doubled names, encryption, bombs, parts that cannot be inspected."""
    body = workbook()
    for bad in (b"", b"PK\x03\x04", body[:-1], body[: len(body) // 2], b"x" + body):
        with pytest.raises(MalformedBody):
            decode(bad)
    twice = io.BytesIO(body)
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<x/>")
    with pytest.raises(MalformedBody):
        decode(twice.getvalue())
    with pytest.raises(MalformedBody):
        decode(packed({"a.xml": b"<a/>"}))
    with pytest.raises(MalformedBody):
        decode(packed(parts_of(body) | {"xl/x.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}))
    picture = packed(parts_of(body) | {"xl/media/image1.png": b"\x89PNG"})
    with pytest.raises(UnsupportedMedia, match="image1"):
        decode(picture)
    assert read(picture).unread == ["xl/media/image1.png"]


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the archive says, and where it lies."""
    monkeypatch.setattr("gateway.codecs.ooxml.MAX_UNPACKED", 1_000_000)
    bomb = packed(parts_of(workbook()) | {"xl/b.xml": b"<a>" + b" " * 2_000_000 + b"</a>"})
    with pytest.raises(BodyTooLarge):
        decode(bomb)
    size = (2_000_007).to_bytes(4, "little")
    assert bomb.count(size) == 2
    with pytest.raises(MalformedBody):
        decode(bomb.replace(size, (10).to_bytes(4, "little")))


def test_shared_formulas_stop_an_edit() -> None:
    """Without the first cell's formula the others would lose theirs."""
    body = changed(SHEET, "<f>", '<f t="shared" ref="E2:E3" si="0">')
    document = decode(body)
    with pytest.raises(CodecFault):
        document.encode({handle(document.batch, FORMULA): REMOVE})
