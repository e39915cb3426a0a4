"""Surrogates: of the same kind, stable, never the original, nobody's where that can be had."""

from __future__ import annotations

import ipaddress
import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from classifiers.checksums import mod_11_2
from classifiers.registry import default_registry
from gateway.operators.made_up_numbers import UNASSIGNED
from gateway.operators.model import OperatorContext
from gateway.operators.pools import pool_id, pools
from gateway.operators.surrogate import surrogate
from tests.gateway.treating import FakeKeys

_ENTITIES = [
    "PERSON", "PHONE_NUMBER", "EMAIL_ADDRESS", "CREDIT_CARD", "BANK_ACCOUNT", "CN_RESIDENT_ID",
    "LOCATION", "IP_ADDRESS", "DATE_OF_BIRTH", "OTHER",
]  # fmt: skip


def _made(text: str, entity: str, recipient: str = "R") -> str:
    keys = FakeKeys()
    (made,) = surrogate([text], OperatorContext(recipient=recipient, keys=keys, entity=entity))
    return made


@given(st.text(max_size=20), st.sampled_from(_ENTITIES))
def test_never_the_original_and_always_the_same(text: str, entity: str) -> None:
    """For any text: something else, and the same again."""
    made = _made(text, entity)
    assert made != text
    assert made == _made(text, entity)


@pytest.mark.parametrize("entity", _ENTITIES)
def test_recipients_cannot_compare(entity: str) -> None:
    """Two recipients' surrogates for the same values seldom agree."""
    texts = [f"1380013{i:04}" for i in range(200)]
    pairs = [(_made(text, entity), _made(text, entity, "other")) for text in texts]
    assert sum(one == other for one, other in pairs) < 10


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("张伟", r"[\u4e00-\u9fff]{2,4}"),
        ("김민수", r"[\uac00-\ud7a3]{2,5}"),
        ("John Smith", r"[A-Z][a-z]+ [A-Za-z]+"),
        ("สมชาย ใจดี", r"[\u0e00-\u0e7f ]+"),
        ("Иван Петров", r"[\u0400-\u04ff ]+"),
    ],
)
def test_names_keep_their_script(text: str, script: str) -> None:
    """A name's surrogate is a name in the same script."""
    assert re.fullmatch(script, _made(text, "PERSON"))


@pytest.mark.parametrize(
    ("text", "gender"),
    [("张桂荣", "female"), ("李建军", "male"), ("Mary Sherri", "female"), ("Luis Boone", "male")],
)
def test_names_keep_their_gender(text: str, gender: str) -> None:
    """Where the name shows it."""
    made = _made(text, "PERSON")
    locale = "zh_CN" if not text.isascii() else "en_US"
    assert any(name in made for name in getattr(pools()[locale], gender))


@pytest.mark.parametrize(
    "text",
    ["13800138000", "+86 138 0013 8000", "+65 9123 4567", "+1 (212) 555-2368", "+44 7911 123456"],
)
def test_phones_stay_in_their_country_and_are_nobodys(text: str) -> None:
    """Same length, format and country; no number in service."""
    made = _made(text, "PHONE_NUMBER")
    assert re.sub(r"\d", "0", made) == re.sub(r"\d", "0", text)
    number = phonenumbers.parse(made, "CN")
    assert number.country_code == phonenumbers.parse(text, "CN").country_code
    assert not phonenumbers.is_valid_number(number)


@pytest.mark.parametrize("country", UNASSIGNED)
def test_unassigned_prefixes_are_unassigned(country: str) -> None:
    """No length under any of the prefixes is valid in phonenumbers' metadata."""
    prefix = UNASSIGNED[country]
    for length in range(len(prefix) + 2, 12):
        for fill in "0123456789":
            national = int(prefix + fill * (length - len(prefix)))
            number = phonenumbers.PhoneNumber(country_code=int(country), national_number=national)
            assert not phonenumbers.is_valid_number(number)


def test_addresses_of_machines_and_mail_are_reserved() -> None:
    """RFC 5737, 3849 and 2606."""
    assert any(
        ipaddress.ip_address(_made("8.8.8.8", "IP_ADDRESS")) in ipaddress.ip_network(net)
        for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    )
    six = ipaddress.ip_address(_made("2a00::1", "IP_ADDRESS"))
    assert six in ipaddress.ip_network("2001:db8::/32")
    assert re.fullmatch(r"[a-z]+\.[a-z]+\d{4}@example\.com", _made("a@b.cn", "EMAIL_ADDRESS"))


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("518000", r"\d{6}"),
        ("江苏省", r"\D+"),
        ("东晓街道1号", r"\D+\d+号"),
        ("江苏省常州市东晓街道1号", r"\D+\d+号"),
        ("Singapore", r"\D+"),
        ("12 Orchard Rd, Singapore", r"\d+ \D+, \D+"),
    ],
)
def test_places_say_as_much_as_the_original(text: str, shape: str) -> None:
    """A post code, a province, a street, a whole address."""
    assert re.fullmatch(shape, _made(text, "LOCATION"))


def test_check_digits_are_right_and_numbers_nobodys() -> None:
    """Cards pass Luhn under a first digit no issuer has; identity numbers are of no province."""
    card = _made("6222 0212 3456 7894", "CREDIT_CARD")
    assert luhn.is_valid(card.replace(" ", ""))
    assert card[0] == "0"
    number = _made("11010519491231002X", "CN_RESIDENT_ID")
    assert mod_11_2(number[:17]) == number[17]
    assert number[:2] == "99"


def test_the_pools_are_the_ones_in_the_log() -> None:
    """A changed pool changes surrogates: it needs a new file, and this id a new value."""
    assert pool_id() == "2b2580ac9a65aea8"


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("SG_NRIC_FIN", "S1234567D"),
        ("TH_PIN", "1-1017-00230-70-8"),
        ("KR_RRN", "971013-9019902"),
        ("HK_HKID", "A123456(3)"),
        ("JP_MY_NUMBER", "123456789018"),
        ("TW_NATIONAL_ID", "A123456789"),
        ("IBAN_CODE", "DE89370400440532013000"),
        ("ZA_ID_NUMBER", "8001015009087"),
        ("BR_CPF", "529.982.247-25"),
        ("PASSPORT", "E12345678"),
        ("MY_NRIC", "800101-14-5566"),
        ("ID_NIK", "3171010101800001"),
    ],
)
def test_national_numbers_keep_form_and_check(entity: str, text: str) -> None:
    """Of the detector's own check: what it said of the original, it says of the surrogate."""
    verify = next(each.verify for each in default_registry().detectors if each.entity == entity)
    made = _made(text, entity)
    assert made != text
    assert verify(made) is verify(text)
    assert re.sub(r"[0-9]", "0", re.sub(r"[A-Z]", "A", made)) == re.sub(
        r"[0-9]", "0", re.sub(r"[A-Z]", "A", text)
    )


def test_social_security_numbers_are_of_no_area() -> None:
    """666 was never assigned."""
    assert re.fullmatch(r"666-\d{2}-\d{4}", _made("219-09-9999", "US_SSN"))


@pytest.mark.parametrize(
    ("entity", "spellings"),
    [
        ("PERSON", ["王小明", "王 小明", " 王小明", "王·小明"]),
        ("PERSON", ["WANG Xiaoming", "Wang Xiaoming", "Xiaoming  Wang", "Wang, Xiaoming"]),
        ("CN_RESIDENT_ID", ["11010519491231002X", "11010519491231002x"]),
        ("EMAIL_ADDRESS", ["Xiaoming@Acme.example", "xiaoming@acme.example"]),
    ],
)
def test_spellings_of_one_value_get_one_surrogate(entity: str, spellings: list[str]) -> None:
    """A person's name with and without spaces, in any case and order of its words."""
    assert len({_made(text, entity) for text in spellings}) == 1


def test_a_number_with_and_without_its_country_is_one() -> None:
    """The digits after the prefix agree; the format stays."""
    bare, full = _made("13800138000", "PHONE_NUMBER"), _made("+86 138-0013-8000", "PHONE_NUMBER")
    assert re.sub(r"[^0-9]", "", full) == "86" + bare


def test_two_scripts_are_two_names() -> None:
    """Pinyin is shared by many names, so nothing is linked by it."""
    assert _made("WANG Xiaoming", "PERSON").isascii()
    assert not _made("王小明", "PERSON").isascii()
