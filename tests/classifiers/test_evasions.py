"""Spellings and encodings that hide a value, by the number of the attack catalogue."""

from __future__ import annotations

import base64
import codecs
import gzip
import quopri
import unicodedata
import zlib
from typing import Any, Literal
from urllib.parse import quote

import pytest

from classifiers.canonical import canonical
from classifiers.classify import Classifier
from classifiers.model import DetectionIncomplete, OpaqueContent
from tests.classifiers.batches import batch_of

PHONE = "13800138000"
MAIL = "zhang.san@example.com"
ID = "11010519491231002X"


def b64(text: str | bytes) -> str:
    """Base64 of a text."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def detectors(classifier: Classifier, value: Any) -> set[str]:
    """Detectors with a finding that must be asked about, in a field whose name says nothing."""
    findings = classifier.classify(batch_of([{"x": value}])).findings
    return {finding.detector for finding in findings if finding.verdict.treated}


CASES = [
    (1, b64(PHONE), "cn.mobile"),
    (1, b64(MAIL).rstrip("="), "net.email"),
    (1, base64.urlsafe_b64encode("电话>>>??13800138000".encode()).decode(), "cn.mobile"),
    (1, base64.encodebytes((f"{'x ' * 60}{ID}").encode()).decode(), "cn.resident_id"),
    (2, b64(b64(PHONE)), "cn.mobile"),
    (2, b64(b64(b64(MAIL))), "net.email"),
    (3, PHONE.encode().hex(), "cn.mobile"),
    (3, "0x" + MAIL.encode().hex(), "net.email"),
    (3, PHONE.encode().hex(" "), "cn.mobile"),
    (4, quote(MAIL, safe=""), "net.email"),
    (4, "".join(f"%{byte:02X}" for byte in PHONE.encode()), "cn.mobile"),
    (4, quote(quote(MAIL, safe=""), safe=""), "net.email"),
    (4, "q=call+13800138000+now", "cn.mobile"),
    (5, MAIL.replace("@", "&#64;"), "net.email"),
    (5, MAIL.replace("@", "&#x40;"), "net.email"),
    (5, MAIL.replace("@", "&commat;"), "net.email"),
    (6, '{"m": "zhang.san\\u0040example.com"}', "net.email"),
    (7, '{"receiver_name": "王小明"}', "field.person_name"),
    (7, '{"a": "{\\"receiver_name\\": \\"王小明\\"}"}', "field.person_name"),
    (7, "<order><receiver_name>王小明</receiver_name></order>", "field.person_name"),
    (7, "id,phone\n7,13800138000\n", "cn.mobile"),
    (8, b64(gzip.compress(f"{ID} {ID}".encode())), "cn.resident_id"),
    (8, b64(zlib.compress(f"{ID} {ID}".encode())), "cn.resident_id"),
    (9, quopri.encodestring("邮箱=@ 13800138000".encode()).decode(), "cn.mobile"),
    (9, "=?utf-8?B?" + b64(MAIL) + "?=", "net.email"),
    (9, "=?utf-8?Q?zhang.san=40example.com?=", "net.email"),
    (9, "li@xn--fiqs8s.example.com", "net.email"),
    (10, b64(codecs.BOM_UTF16_LE + PHONE.encode("utf-16-le")), "cn.mobile"),
    (11, "１３８００１３８０００", "cn.mobile"),
    (11, "zhang.san＠example.com", "net.email"),
    (12, "١٣٨٠٠١٣٨٠٠٠", "cn.mobile"),
    (12, "१३८००१३८०००", "cn.mobile"),
    (12, "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "cn.mobile"),
    (13, "一三八零零一三八零零零", "cn.mobile"),
    (13, "壹叁捌零零壹叁捌零零零", "cn.mobile"),
    (14, "\u200b".join(PHONE), "cn.mobile"),
    (14, "138\u00ad0013\u20608000", "cn.mobile"),
    (14, "138\ufe0f0013\U000e00318000", "cn.mobile"),
    (15, f"\u202e{PHONE}\u202c", "cn.mobile"),
    (15, "138\u20680013\u20698000", "cn.mobile"),
    (16, "zhаng.sаn@exаmple.com", "net.email"),
    (16, "1\u03383\u03388\u033800138000", "cn.mobile"),
    (18, "138_0013_8000", "cn.mobile"),
    (18, "138/0013/8000", "cn.mobile"),
    (18, "138.0013.8000", "cn.mobile"),
    (18, "138·0013·8000", "cn.mobile"),
    (18, "138\n0013\n8000", "cn.mobile"),
    (18, "138\u00a00013\u20098000", "cn.mobile"),
    (18, "1 3 8 0 0 1 3 8 0 0 0", "cn.mobile"),
    (18, "1-3-8-0-0-1-3-8-0-0-0", "cn.mobile"),
    (19, f"身份证{ID}已核", "cn.resident_id"),
    (19, f"电话{PHONE}微信同号", "cn.mobile"),
    (27, 13800138000, "cn.mobile"),
    (27, "1.3800138000e10", "cn.mobile"),
    (9, "li@中文.example.com", "net.email"),
    (10, MAIL.replace("@", "+AEA-"), "net.email"),
    (14, "hi" + "".join(chr(0xE0000 + ord(char)) for char in MAIL), "net.email"),
    (101, "".join(f"{digit}\ufe0f\u20e3" for digit in PHONE), "cn.mobile"),
    (102, base64.b32encode(MAIL.encode()).decode(), "net.email"),
    (104, "".join(f"\\u{{{ord(char):x}}}" for char in MAIL), "net.email"),
    (104, "".join(f"\\{ord(char):03o}" for char in MAIL), "net.email"),
    (105, MAIL.replace("@", "&#64"), "net.email"),
    (108, "\u3164".join(PHONE), "cn.mobile"),
    (109, MAIL.replace(".", "。"), "net.email"),
    (27, 6222021234567890128, "finance.payment_card"),
]


@pytest.mark.parametrize(("case", "value", "detector"), CASES)
def test_hidden_value(classifier: Classifier, case: int, value: Any, detector: str) -> None:
    """However it is written, the value is found."""
    assert detector in detectors(classifier, value), case


def test_2_nested_too_deep(classifier: Classifier) -> None:
    """Beyond the depth limit the batch is refused, not passed."""
    value = PHONE
    for _ in range(8):
        value = b64(value)
    with pytest.raises(DetectionIncomplete):
        classifier.classify(batch_of([{"x": value}]))


def test_8_compressed_bomb(classifier: Classifier) -> None:
    """What grows beyond inspection is refused."""
    with pytest.raises(DetectionIncomplete):
        classifier.classify(batch_of([{"x": b64(gzip.compress(b"a" * (1 << 22)))}]))


@pytest.mark.parametrize(
    "start",
    [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"%PDF-1.7", b"PK\x03\x04", b"PAR1", b"II*\0"],
)
def test_35_documents_inside_a_value(classifier: Classifier, start: bytes) -> None:
    """A picture or an archive in base64 or hex is not passed unread; a token is none."""
    document = start + bytes(range(40))
    for written in (b64(document), f"data:image/png;base64,{b64(document)}", document.hex()):
        with pytest.raises(OpaqueContent):
            classifier.classify(batch_of([{"x": written}]))
    classifier.classify(batch_of([{"x": b64(start + b"\0\1\2\3\4\5")}]))


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("name", ["Nguyễn Văn Đức", "José Müller", "Łukasz Żółć", "김민수"])
def test_17_normal_forms(classifier: Classifier, name: str, form: Literal["NFC", "NFD"]) -> None:
    """However Unicode writes a name, it is found whole and folds to one text."""
    written = unicodedata.normalize(form, name)
    assert canonical(written).text == canonical(unicodedata.normalize("NFC", name)).text
    batch = batch_of([{"receiver_name": written}])
    (finding,) = [f for f in classifier.classify(batch).findings if f.verdict.treated]
    assert (finding.start, finding.end) == (0, len(written))


def test_22_split_over_fields(classifier: Classifier) -> None:
    """Parts are found where their names or the contract say so; nothing else can tell them."""
    named = {"area_code": "010", "phone": "65551234", "phone_ext": "808"}
    found = classifier.classify(batch_of([named])).findings
    assert {f.category for f in found if f.verdict.treated} == {"pi_contact_phone"}
    halves = [{"a": "1380013", "b": ["8000", "x"]}]
    assert not [f for f in classifier.classify(batch_of(halves)).findings if f.verdict.treated]
    declared = {"/a": "pi_contact_phone", "/b/*": "pi_contact_phone"}
    joined = classifier.classify(batch_of(halves), declared=declared).findings
    assert len([f for f in joined if f.verdict.treated]) == 3


def test_21_reversed_needs_a_declaration(classifier: Classifier) -> None:
    """What is written backwards is out of reach, unless the field is declared."""
    batch = batch_of([{"x": PHONE[::-1]}])
    assert not [f for f in classifier.classify(batch).findings if f.verdict.treated]
    found = classifier.classify(batch, declared={"/x": "pi_contact_phone"}).findings
    assert [f.category for f in found if f.verdict.treated] == ["pi_contact_phone"]


def test_20_lists_of_addresses(classifier: Classifier) -> None:
    """E-mails joined by spaces are as many findings."""
    batch = batch_of([{"x": "a1@example.com b2@example.com;c3@example.com"}])
    assert len(classifier.classify(batch).findings) == 3


def test_24_26_keys(classifier: Classifier) -> None:
    """Values in keys are found, and names with odd case or invisible characters still name."""
    assert "cn.mobile" in {
        finding.detector for finding in classifier.classify(batch_of([{PHONE: 1}])).findings
    }
    for name in ("RECEIVER_NAME", " receiverName ", "receiver\u200b_name", "Receiver-Name"):
        findings = classifier.classify(batch_of([{name: "王小明"}])).findings
        assert [finding.detector for finding in findings] == ["field.person_name"], name


def test_spans_cover_the_encoded_run(classifier: Classifier) -> None:
    """What is treated is the encoding, to its last character."""
    hidden = b64(PHONE)
    batch = batch_of([{"x": f"ref {hidden} end"}])
    (finding,) = [f for f in classifier.classify(batch).findings if f.verdict.treated]
    assert batch.columns[finding.column].values[0][finding.start : finding.end] == hidden
