"""Places that a format keeps out of sight, and spellings people use among themselves (134-144)."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.attacks.model import ID, MAIL, PHONE, Case, Want, typed, value

_PARQUET: Final = "application/vnd.apache.parquet"
_STREAM: Final = "application/vnd.apache.arrow.stream"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MULTI: Final = "multipart/form-data; boundary=b"
_FORM: Final = "application/x-www-form-urlencoded"
_STOPPED: Final = Want.STOPPED
_SPREADSHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="none", use_dictionary=False)
    return out.getvalue()


def _stream(table: pa.Table) -> bytes:
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def _unused_entry() -> pa.Table:
    """A dictionary with an entry that no row refers to."""
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), pa.array(["x", MAIL]))
    return pa.table({"a": column})


def _under_null() -> pa.Table:
    """A text in the buffer of a row that says it has none."""
    text = ("x" + MAIL).encode()
    offsets = pa.array([0, 1, len(text)], pa.int32()).buffers()[1]
    bits = pa.py_buffer(b"\x01")
    column = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(text), bits, 1)
    return pa.table({"a": column})


def _outside_slice() -> pa.Table:
    """A text before and behind the rows that are sent."""
    return pa.table({"a": pa.array([MAIL, "x", MAIL]).slice(1, 1)})


def _between_parts() -> bytes:
    """Bytes between a Parquet file's pages and its footer, which no reader looks at."""
    body = _parquet(pa.table({"a": ["x"]}))
    length = int.from_bytes(body[-8:-4], "little")
    return body[: -8 - length] + MAIL.encode() + body[-8 - length :]


def _book(**parts: str) -> bytes:
    """A workbook of one cell; `parts` replace or add files."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{relation}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{relation}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": _sheet(),
        "xl/styles.xml": f'<styleSheet xmlns="{_SPREADSHEET}"/>',
    } | parts
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def _book_part(name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(_book())) as archive:
        return archive.read(name).decode()


def _sheet(more: str = "", row: str = "") -> str:
    cell = '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'
    return (
        f'<worksheet xmlns="{_SPREADSHEET}"><sheetData><row r="1"{row}>{cell}</row></sheetData>'
        f"{more}</worksheet>"
    )


def _noted(where: str) -> bytes:
    """A workbook archive with a text in the zip format's own fields."""
    body = _book()
    out = io.BytesIO(body)
    with zipfile.ZipFile(out, "a") as archive:
        if where == "comment":
            archive.comment = MAIL.encode()
        else:
            info = zipfile.ZipInfo("xl/x.xml")
            info.comment, info.extra = MAIL.encode(), b""
            archive.writestr(info, "<a/>")
    return out.getvalue()


def _named_gzip(flag: int, field: bytes) -> bytes:
    """Gzip with an optional field of its header (RFC 1952 §2.3)."""
    body = gzip.compress(b'{"a": 1}', mtime=0)
    return body[:3] + bytes([flag]) + body[4:10] + field + body[10:]


def _part(head: str, content: str) -> bytes:
    return f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n".encode()


_END: Final = b"--b--\r\n"
_WORDS: Final = "zero one two three four five six seven eight nine".split()
_MILITARY: Final = str.maketrans("0123456789", "洞幺两三四五六拐八勾")
_RINGED: Final = str.maketrans("0123456789", "〇一二三四五六七八九")
_STROKES: Final = str.maketrans("0123456789", "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿")
_THAI: Final = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _gzip_case(name: str, flag: int, field: bytes) -> Case:
    return typed(138, name, "application/json", _named_gzip(flag, field), MAIL,
                 want=_STOPPED, Content_Encoding="gzip")  # fmt: skip


PLACES: Final[list[Case]] = [
    typed(134, "attribute's name", "application/xml", f'<a phone.{PHONE}="1"/>'.encode(), PHONE,
          want=_STOPPED),
    typed(134, "comment before the root", "application/xml", f"<!-- {MAIL} --><a/>".encode(), MAIL),
    typed(134, "comment behind the root", "application/xml", f"<a/><!-- {MAIL} -->".encode(), MAIL),
    typed(134, "instruction", "application/xml", f"<a><?x {MAIL}?></a>".encode(), MAIL,
          want=Want.REFUSED),
    typed(134, "base64 in an attribute", "application/xml",
          f'<a b="{_base64(MAIL + ", " + PHONE)}"/>'.encode(), _base64(MAIL + ", " + PHONE)),
    typed(134, "entity twice", "application/xml",
          f"<a>{MAIL.replace('@', '&amp;#64;')}</a>".encode(), MAIL.replace("@", "&amp;#64;")),
    typed(134, "UTF-16 body", "application/xml", f"<a>{MAIL}</a>".encode("utf-16"), MAIL,
          MAIL.encode("utf-16-le"), want=Want.REFUSED),
    typed(134, "language", "application/xml", f'<a xml:lang="{PHONE}"/>'.encode(), PHONE),
    typed(135, "JSON in a cell", "text/csv",
          ('a,b\n1,"' + json.dumps({"username": "lidahai_77"}).replace('"', '""') + '"\n').encode(),
          "lidahai_77"),
    typed(135, "base64 of JSON in a cell of a part", _MULTI,
          _part('name="f"\r\nContent-Type: text/csv', f"a,b\n1,{_base64(json.dumps({'m': MAIL}))}\n")
          + _END, _base64(json.dumps({"m": MAIL}))),
    typed(135, "sep line", "text/csv", f"sep=;\na;b\n1;{MAIL}\n".encode(), MAIL, want=_STOPPED),
    typed(135, "comment line", "text/csv", f"a,b\n# {MAIL},2\n".encode(), MAIL),
    typed(135, "UTF-16", "text/csv", f"a,b\n1,{MAIL}\n".encode("utf-16"), MAIL,
          MAIL.encode("utf-16-le"), want=Want.REFUSED),
    typed(136, "bracketed name", _FORM, f"user[{MAIL}]=1".encode(), MAIL, want=_STOPPED),
    typed(136, "plus between digits", _FORM, b"a=138+0013+8000", "138+0013+8000"),
    typed(136, "JSON in a field", _FORM, b"a=%7B%22username%22%3A%22lidahai_77%22%7D", "lidahai_77"),
    typed(136, "fullwidth percent", _FORM,
          b"a=" + b"".join(b"%%EF%%BC%%%02X" % (0x90 + int(digit)) for digit in PHONE),
          "%EF%BC%91%EF%BC%93%EF%BC%98%EF%BC%90"),
    typed(137, "boundary's beginning in a part", _MULTI,
          _part('name="a"', f"x\r\n--bogus {MAIL}") + _END, MAIL, want=_STOPPED),
    typed(137, "padding behind a boundary", _MULTI,
          (_part('name="a"', MAIL) + _END).replace(b"--b\r\n", b"--b \t\r\n"), MAIL, want=_STOPPED),
    typed(137, "charset of a part", _MULTI,
          _part('name="a"\r\nContent-Type: text/plain; charset=utf-7', MAIL.replace("@", "+AEA-"))
          + _END, "+AEA-", want=_STOPPED),
    typed(137, "name in RFC 2231 pieces", _MULTI,
          _part('name*0="zhang.san@"; name*1="example.com"', "1") + _END, "zhang.san@",
          want=Want.REFUSED),
    typed(137, "header of our own", _MULTI, _part(f'name="a"\r\nX-Note: {MAIL}', "1") + _END, MAIL,
          want=Want.REFUSED),
    typed(137, "type of a part", _MULTI,
          _part(f'name="a"\r\nContent-Type: text/plain; note="{MAIL}"', "1") + _END, MAIL,
          want=_STOPPED),
    typed(137, "path in a file name", _MULTI,
          _part(rf'name="a"; filename="C:\\users\\{MAIL}\\x.txt"', "1") + _END, MAIL),
    _gzip_case("gzip's file name", 8, MAIL.encode() + b"\0"),
    _gzip_case("gzip's comment", 16, MAIL.encode() + b"\0"),
    _gzip_case("gzip's extra field", 4, len(MAIL).to_bytes(2, "little") + MAIL.encode()),
    typed(138, "zstd frame to be skipped", "application/json",
          b"\x50\x2a\x4d\x18" + len(MAIL).to_bytes(4, "little") + MAIL.encode()
          + b"\x28\xb5\x2f\xfd\x20\x08\x41\x00\x00{\"a\": 1}", MAIL, want=_STOPPED,
          Content_Encoding="zstd"),
    typed(139, "Parquet metadata", _PARQUET,
          _parquet(pa.table({"a": ["x"]}).replace_schema_metadata({"who": MAIL})), MAIL, want=_STOPPED),
    typed(139, "Parquet field metadata", _PARQUET, _parquet(pa.table([["x"]], pa.schema(
          [pa.field("a", pa.string(), metadata={"who": MAIL})]))), MAIL, want=_STOPPED),
    typed(139, "Parquet column name", _PARQUET, _parquet(pa.table({MAIL: ["x"]})), MAIL,
          want=_STOPPED),
    typed(139, "Parquet statistics", _PARQUET, _parquet(pa.table({"a": [MAIL, "x"]})), MAIL),
    typed(139, "between Parquet's parts", _PARQUET, _between_parts(), MAIL, want=_STOPPED),
    typed(139, "Parquet bytes", _PARQUET, _parquet(pa.table({"a": [MAIL.encode()]})), MAIL,
          want=_STOPPED),
    typed(139, "Parquet number", _PARQUET, _parquet(pa.table({"a": [int(PHONE)]})),
          int(PHONE).to_bytes(8, "little"), want=_STOPPED),
    typed(139, "Arrow entry that nobody uses", _STREAM, _stream(_unused_entry()), MAIL,
          want=_STOPPED),
    typed(139, "Arrow text under a null", _STREAM, _stream(_under_null()), MAIL, want=_STOPPED),
    typed(139, "Arrow text outside a slice", _STREAM, _stream(_outside_slice()), MAIL,
          want=_STOPPED),
    typed(139, "behind Arrow's end", _STREAM, _stream(pa.table({"a": ["x"]})) + MAIL.encode(), MAIL,
          want=_STOPPED),
    *(typed(140, name, _XLSX, body, MAIL, want=_STOPPED) for name, body in {
        "Excel sheet's name": _book(**{"xl/workbook.xml": re.sub(
            'name="S"', f'name="{MAIL}"', _book_part("xl/workbook.xml"))}),
        "Excel hidden row": _book(**{"xl/worksheets/sheet1.xml": _sheet(row=' hidden="1"').replace(
            "<t>x</t>", f"<t>{MAIL}</t>")}),
        "Excel defined name": _book(**{"xl/workbook.xml": _book_part("xl/workbook.xml").replace(
            "</workbook>", f'<definedNames><definedName name="n">"{MAIL}"</definedName>'
            "</definedNames></workbook>")}),
        "Excel number format": _book(**{"xl/styles.xml": f'<styleSheet xmlns="{_SPREADSHEET}">'
            f'<numFmts count="1"><numFmt numFmtId="164" formatCode="&quot;{MAIL}&quot;"/></numFmts>'
            "</styleSheet>"}),
        "Excel header of a page": _book(**{"xl/worksheets/sheet1.xml": _sheet(
            f"<headerFooter><oddHeader>{MAIL}</oddHeader></headerFooter>")}),
        "Excel list of choices": _book(**{"xl/worksheets/sheet1.xml": _sheet(
            '<dataValidations count="1"><dataValidation type="list" sqref="A1"><formula1>'
            f'"{MAIL}"</formula1></dataValidation></dataValidations>')}),
        "Excel text that no cell uses": _book(**{"xl/sharedStrings.xml":
            f'<sst xmlns="{_SPREADSHEET}"><si><t>{MAIL}</t></si></sst>'}),
        "Excel author": _book(**{"docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.'
            'openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/'
            f'elements/1.1/"><dc:creator>{MAIL}</dc:creator></cp:coreProperties>'}),
        "part that nothing refers to": _book(**{"xl/other.xml": f"<a>{MAIL}</a>"}),
        "part that is no XML": _book(**{"xl/media/a.bin": MAIL}),
        "part's name": _book(**{f"xl/{MAIL}.xml": "<a/>"}),
        "comment of the archive": _noted("comment"),
        "comment of a file in the archive": _noted("file"),
        "before the archive": MAIL.encode() + _book(),
    }.items()),
    value(141, "digits in English words", " ".join(_WORDS[int(digit)] for digit in PHONE), Want.LIMIT),
    value(141, "digits as soldiers say them", PHONE.translate(_MILITARY), Want.LIMIT),
    value(141, "ring for zero", PHONE.translate(_RINGED)),
    value(141, "monospace digits", PHONE.translate(_STROKES)),
    value(141, "Thai digits", PHONE.translate(_THAI)),
    value(141, "mixed scripts", "１３8٠٠１三八〇〇〇", Want.LIMIT),
    value(141, "code of the country", "+86 (138) 0013-8000"),
    value(141, "zeros for the plus", "0086 138 0013 8000"),
    value(141, "tabs between digits", "\t".join(PHONE)),
    value(141, "tags within", "138<b>0013</b>8000", Want.LIMIT),
    value(141, "no-break entities", "138&nbsp;0013&nbsp;8000"),
    value(141, "invisible entities", "138&#8203;0013&#x200b;8000"),
    value(141, "soft hyphen by name", "138&shy;0013&shy;8000"),
    value(141, "emphasis within", "138**0013**8000", Want.LIMIT),
    value(141, "stars between", "138*0013*8000", Want.LIMIT),
    value(141, "percent-u", "".join(f"%u{ord(char):04x}" for char in PHONE)),
    value(141, "style escapes", "".join(f"\\{ord(char):06x}" for char in PHONE), Want.LIMIT),
    value(141, "padded references", "".join(f"&#x{ord(char):06x};" for char in MAIL)),
    value(142, "quoted name", '"zhang.san"@example.com', Want.LIMIT),
    value(142, "spaces round the at", "zhang.san @ example.com", Want.LIMIT),
    value(142, "tag after plus", "zhang.san+shop@example.com"),
    value(142, "address as a link", "mailto:zhang.san%40example.com?subject=x"),
    value(142, "ideographic stop", "zhang.san@example｡com"),
    value(143, "base64 in quartets", " ".join(re.findall(".{1,4}", _base64(f"call {PHONE} now")))),
    value(143, "base64 of UTF-16 without a mark",
          base64.b64encode(f"call {PHONE} now".encode("utf-16-le")).decode()),
    value(143, "base64 behind other letters", "x=" + _base64(f"call {PHONE} now")),
    value(143, "hex with colons", MAIL.encode().hex(":").upper()),
    value(143, "hex in C", "".join(f"\\x{byte:02x}" for byte in MAIL.encode())),
    value(143, "hex list in C", ", ".join(f"0x{byte:02x}" for byte in MAIL.encode()), Want.LIMIT),
    value(143, "hex of base64 of hex", _base64(MAIL.encode().hex()).encode().hex()),
    value(144, "negative number", -int(PHONE)),
    value(144, "number with a fraction", float(PHONE) + 0.5, Want.LIMIT),
    value(144, "identity number in two scripts", ID.replace("X", "Ⅹ")),
    value(144, "identity number in small letters", ID.lower()),
    value(144, "identity number in groups", f"{ID[:6]} {ID[6:14]} {ID[14:]}"),
]  # fmt: skip
