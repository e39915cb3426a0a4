"""XML, against the standard library's tree."""

from __future__ import annotations

from collections import Counter
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.model import REMOVE, CodecFault, Edit, MalformedBody, Piece, UnsupportedCharset
from gateway.codecs.xml import decode

PAIN_001 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn><GrpHdr><MsgId>M-1</MsgId><NbOfTxs>2</NbOfTxs></GrpHdr><PmtInf>
    <CdtTrfTxInf><Amt><InstdAmt Ccy="SGD">12.50</InstdAmt></Amt>
      <Cdtr><Nm>\u5f20\u4e09</Nm><CtctDtls><MobNb>13800138000</MobNb></CtctDtls></Cdtr></CdtTrfTxInf>
    <CdtTrfTxInf><Amt><InstdAmt Ccy='CNY'>7</InstdAmt></Amt>
      <Cdtr><Nm><![CDATA[Li & Sons]]></Nm></Cdtr></CdtTrfTxInf>
  </PmtInf></CstmrCdtTrfInitn></Document>""".encode()
UBL = b"""<inv:Invoice xmlns:inv="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <!-- call 13800138000 --><cbc:ID schemeID="a > b">T&#82;-1</cbc:ID><cbc:Note/>
 <cbc:Note>to &lt;13800138000&gt; &amp; co</cbc:Note></inv:Invoice>"""

_NAME = st.sampled_from(["a", "b", "c-d"])
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5).filter(
    lambda text: not any(ord(char) in (0xFFFE, 0xFFFF) for char in text)
)


@st.composite
def _elements(draw: Any, depth: int = 3) -> ET.Element:
    element = ET.Element(draw(_NAME), draw(st.dictionaries(_NAME, _TEXT, max_size=2)))
    element.text = draw(_TEXT)
    for _ in range(draw(st.integers(0, 2)) if depth else 0):
        child = draw(_elements(depth - 1))
        child.tail = draw(_TEXT)
        element.append(child)
    return element


def _walked(element: ET.Element, above: str = "") -> list[tuple[str, str]]:
    here = f"{above}/{element.tag}"
    cells = [(f"{here}/@{name}", text) for name, text in element.attrib.items()]
    texts = [(here, element.text or ""), *((here, child.tail or "") for child in element)]
    cells += [(pointer, text) for pointer, text in texts if text.strip()]
    return cells + [cell for child in element for cell in _walked(child, here)]


def _cells(body: bytes) -> list[tuple[str, str, int, int]]:
    return [
        (column.pointer, column.values[ref], row, handle)
        for column in decode(body).batch.columns
        for ref, row, handle in zip(column.refs, column.rows, column.handles, strict=True)
    ]


@given(_elements(), st.booleans(), _TEXT)
def test_every_text_and_attribute_is_a_cell(
    element: ET.Element, ascii_only: bool, new: str
) -> None:
    """The cells are ElementTree's; idle edits keep all bytes; every cell can be rewritten."""
    body = ET.tostring(element, encoding="us-ascii" if ascii_only else "utf-8")
    body = body.replace(b"encoding='us-ascii'", b"encoding='utf-8'")
    cells = _cells(body)
    assert Counter(cell[:2] for cell in cells) == Counter(_walked(element))
    document = decode(body)
    assert document.encode({}) is body
    assert document.encode({handle: Edit(()) for *_, handle in cells}) == body
    edits = {handle: Edit((Piece(0, len(text), f"x{new}"),)) for _, text, _, handle in cells}
    again = _walked(ET.fromstring(document.encode(edits)))
    assert Counter(again) == Counter((pointer, f"x{new}") for pointer, *_ in cells)


def test_payments_are_read_record_by_record() -> None:
    """ISO 20022: the transactions are the records; the header is shared."""
    record = "/Document/CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"
    batch = decode(PAIN_001, records=record).batch
    seen = {
        (c.pointer.rpartition("/")[2], c.values[r]): row
        for c in batch.columns
        for r, row in zip(c.refs, c.rows, strict=True)
    }
    assert batch.records == 2
    assert seen["MsgId", "M-1"] == -1
    assert seen["Nm", "张三"] == 0
    assert seen["@Ccy", "CNY"] == 1
    assert seen["Nm", "Li & Sons"] == 1
    assert decode(PAIN_001, records="/none").batch.records == 1


def test_spans_are_spliced_among_entities_and_namespaces() -> None:
    """UBL: references, quotes, comments and prefixes around the edits stay as spelt."""
    cells = {(pointer, text): handle for pointer, text, _, handle in _cells(UBL)}
    note = cells["/inv:Invoice/cbc:Note", "to <13800138000> & co"]
    comment = cells["/inv:Invoice/comment()", " call 13800138000 "]
    scheme = cells["/inv:Invoice/cbc:ID/@schemeID", "a > b"]
    out = decode(UBL).encode(
        {
            note: Edit((Piece(4, 15, "<P>"),)),
            comment: Edit((Piece(6, 17, "--"),)),
            scheme: REMOVE,
        }
    )
    want = UBL.replace(b"&lt;13800138000&gt;", b"&lt;&lt;P&gt;&gt;").replace(b"a > b", b"")
    assert out == want.replace(b"call 13800138000", "call \u2010\u2010".encode())


@pytest.mark.parametrize(
    ("body", "new", "want"),
    [
        ("<![CDATA[x & 13800138000]]>", "*", "<![CDATA[x & *]]>"),
        ("<![CDATA[x & 13800138000]]>", "]]>", "x &amp; ]]&gt;"),
        ("x <![CDATA[& ]]>13800138000", "<", "x &amp; &lt;"),
        ("<![CDATA[x ]]><![CDATA[& 13800138000]]>", "*", "x &amp; *"),
    ],
)
def test_cdata_stays_where_it_can(body: str, new: str, want: str) -> None:
    """A whole section is edited within; elsewhere the text is spelt anew, and only there."""
    around = "<a><b>{}</b><c><![CDATA[<]]></c></a>"
    source = around.format(body).encode()
    ((handle, text),) = [(cell[3], cell[1]) for cell in _cells(source) if cell[0] == "/a/b"]
    at = text.index("13800138000")
    out = decode(source).encode({handle: Edit((Piece(at, at + 11, new),))})
    assert out == around.format(want).encode()
    assert ET.fromstring(out)[0].text == text[:at] + new


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<!DOCTYPE a><a/>",
        b"<a>&x;</a>",
        b'<?xml-stylesheet href="x"?><a/>',
        b"<a><?php x ?></a>",
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="x"/></a>',
        b'<a xmlns:xi="http://www.w3.org/2001/&#88;Include"><xi:include href="x"/></a>',
        b'<a x="1" x="2"/>',
        b"<a>\xff</a>",
        b"<a>\x00</a>",
        b"<a>" * 300 + b"</a>" * 300,
        b"{}",
    ],
)
def test_what_could_pull_something_in_is_refused(body: bytes) -> None:
    """Document types, entities, stylesheets, XInclude; damage and depth."""
    with pytest.raises(MalformedBody) as caught:
        decode(body)
    assert "passwd" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["<a>x</a>", " <a>x</a>"])
def test_wide_characters_are_refused_without_a_declaration_too(encoding: str, text: str) -> None:
    """The parser would read them, and edits would be written in another encoding."""
    with pytest.raises((UnsupportedCharset, MalformedBody)):
        decode(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["gbk", "iso-8859-1", "utf-16"])
def test_other_encodings_are_refused(encoding: str) -> None:
    """Only UTF-8, whatever the declaration says."""
    with pytest.raises((UnsupportedCharset, MalformedBody)):
        decode(f"<?xml version='1.0' encoding='{encoding}'?><a/>".encode())


@pytest.mark.parametrize("new", ["\x00", "\x0b", "\ud800", "\uffff"])
def test_text_that_xml_cannot_hold_is_a_fault(new: str) -> None:
    """Nothing unreadable is written."""
    for body in (b"<a>x</a>", b"<a><!--x--></a>", b'<a b="x"/>'):
        with pytest.raises(CodecFault):
            decode(body).encode({0: Edit((Piece(0, 1, new),))})


@pytest.mark.parametrize("handle", [-1, 1])
def test_unknown_cells_are_faults(handle: int) -> None:
    """An edit for a cell that is not there stops the export."""
    with pytest.raises(CodecFault):
        decode(b"<a>x</a>").encode({handle: REMOVE})
