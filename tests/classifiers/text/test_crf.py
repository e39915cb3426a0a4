"""The small CRFs: names in every language they are made for, and no network addresses."""

import lzma
from importlib.resources import files

import pycrfsuite
import pytest

from classifiers.text.crf import featurizer
from classifiers.text.engines import default_engines
from classifiers.text.model import Kind, Mention
from classifiers.text.spans import mentions_of, named, tags_of

ENGINES = default_engines()


def persons(language: str, text: str) -> list[str]:
    """The persons that an engine finds."""
    (mentions,) = ENGINES[language].mentions([text])
    return [text[item.start : item.end] for item in mentions if item.kind is Kind.PERSON]


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("ja", "田中太郎さんは東京都千代田区に住んでいます。", "田中太郎"),
        ("ja", "担当の佐藤花子までご連絡ください。", "佐藤花子"),
        ("ko", "김민수 고객님, 주문하신 상품이 발송되었습니다.", "김민수"),
        ("ko", "담당자 이영희에게 연락해 주세요.", "이영희"),
        ("th", "คุณสมชาย ใจดี ทำงานที่กรุงเทพ", "สมชาย ใจดี"),
        ("id", "Bapak Budi Santoso tinggal di Jakarta", "Budi Santoso"),
        ("id", "Sila hubungi Ahmad bin Ismail esok", "Ahmad bin Ismail"),
        ("id", "Aduan oleh Ravi a/l Kumar tentang penghantaran", "Ravi a/l Kumar"),
        ("vi", "Khách hàng Nguyễn Văn Hùng yêu cầu hoàn tiền.", "Nguyễn Văn Hùng"),
        ("en", "Please call John Smith tomorrow", "John Smith"),
        ("en", "Tafadhali wasiliana na Wanjiru Kamau kesho", "Wanjiru Kamau"),
        ("en", "Pakitawagan si Maria Santos bukas", "Maria Santos"),
        ("en", "Merci de transmettre à Nicolas Hamon", "Nicolas Hamon"),
    ],
)
def test_persons_are_found(language: str, text: str, want: str) -> None:
    """A full name in a plain sentence; a title before it may belong to it."""
    assert any(want in name for name in persons(language, text))


@pytest.mark.parametrize("text", ["PHILLIP", "phillip", " - jessica,", "jean-luc"])
def test_a_lone_given_name_in_any_letters(text: str) -> None:
    """The model knows names by their capital; alone in a cell the list must do."""
    assert persons("en", text) == [text.strip(" -,") if text[0] == " " else text]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "ご注文の商品を発送しました。"),
        ("ko", "오늘 매장은 아홉 시에 문을 엽니다."),
        ("th", "วันนี้ร้านเปิดเก้าโมงเช้า"),
        ("id", "Pesanan Anda sudah dikirim."),
        ("id", "min udah dikirim belum"),
        ("id", "ongkir dari shopee udah termasuk?"),
        ("vi", "Đơn hàng 4521 đã được giao thành công."),
        ("en", "Your order has been delivered."),
        ("en", "Free shipping on all orders this week"),
        ("en", "Michael Kors Jet Set Travel Tote"),
        ("en", "the Calvin Klein perfume broke"),
    ],
)
def test_sentences_without_persons(language: str, text: str) -> None:
    """Shop talk names nobody."""
    assert persons(language, text) == []


def test_words_are_known_by_the_company_they_keep() -> None:
    """The English model learnt from classes of words; small, large and unlisted words have one."""
    lookup = featurizer("en", words=True)
    rows = lookup("Hanoi hanoi HANOI Zzyzxq")[1]
    classes = [[value for value in row if value[:2] in ("k0", "k1", "k2")] for row in rows]
    assert len(classes[0]) == 3
    assert classes[0] == classes[1] == classes[2]
    assert classes[3] == ["k0", "k1", "k2"]
    names = pycrfsuite.Tagger()
    model = files("classifiers.text").joinpath("data/en.crf.xz").read_bytes()
    names.open_inmemory(lzma.decompress(model))
    assert classes[0][0] in names.info().attributes


def test_tags_and_mentions_are_inverse() -> None:
    """What is tagged for training is what a model would give back."""
    units = [(index, index + 1) for index in range(8)]
    entities = [(0, 2, "PER"), (2, 4, "PER"), (5, 8, "ORG")]
    assert mentions_of(units, tags_of(units, entities)) == [
        Mention(0, 2, Kind.PERSON),
        Mention(2, 4, Kind.PERSON),
        Mention(5, 8, Kind.ORGANIZATION),
    ]


def test_other_things_are_no_mentions() -> None:
    """Labels that only training knows are dropped."""
    assert mentions_of([(0, 1)], ["B-IGN"]) == []


@pytest.mark.parametrize("text", ["www.shop.example", "a@b.example", "docs/readme", "item_42"])
def test_network_addresses_are_no_persons(text: str) -> None:
    """Addresses of the network are found elsewhere."""
    assert named(text, [Mention(0, len(text), Kind.PERSON)]) == []


@pytest.mark.parametrize(
    "rest", ["@ACME", " / ACME@HQ", " <ada", ' ("4711', "@ACME NORTH on 08/16"]
)
def test_a_person_before_an_address_of_the_network_stays(rest: str) -> None:
    """`Ada Obi@ACME`, as mail programs write it: two words before the sign are a name."""
    found = named(f"Ada Obi{rest}", [Mention(0, 7 + len(rest), Kind.PERSON)])
    assert found == [Mention(0, 7, Kind.PERSON)]
