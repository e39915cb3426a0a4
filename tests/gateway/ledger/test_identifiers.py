"""One person, one key, however the identifier is spelt; and no key for what is nobody's."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.identifiers import Hasher, fold, fold_all

HASHER = Hasher(b"k" * 32, namespace="sg-fulfilment")
PHONE = ("pi_contact_phone", "PHONE_NUMBER")
GOV_ID = ("pi_gov_id", "CN_RESIDENT_ID")


def test_a_key_is_a_truncated_hmac() -> None:
    """HMAC-SHA-256 (RFC 2104) of version, kind and canonical value, cut to 16 bytes."""
    message = b"silkgate/subject/1\0phone\0+8613800138000"
    want = hmac.new(b"k" * 32, message, hashlib.sha256).digest()[:16]
    assert HASHER.identifier("13800138000") == want


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "13800138000",
            "138-0013-8000",
            "+86 13800138000",
            "(0086) 138 0013 8000",
            "１３８００１３８０００",
        ],
        ["11010519491231002X", "110105 19491231 002x", "110105-19491231-002Ｘ"],
        ["Wang.Lei@Example.COM", " wang.lei@example.com"],
    ],
)
def test_spellings_of_one_identifier_are_one_person(spellings: list[str]) -> None:
    """With or without a finding that names it."""
    keys = {HASHER.identifier(text) for text in spellings}
    keys |= {HASHER.identifier(text, "pi_account", "USER_ID") for text in spellings}
    assert len(keys) == 1
    assert None not in keys


def test_first_generation_numbers_are_those_of_the_second() -> None:
    """GB 11643-1999 put the century and a check character in."""
    old = HASHER.identifier("110105491231002", *GOV_ID)
    assert old == HASHER.identifier("11010519491231002X", *GOV_ID)


@pytest.mark.parametrize(
    ("one", "other"), [("+65 9123 4567", "+6591234567"), ("010-8888 7777", "+86 10 88887777")]
)
def test_phones_of_other_shapes_are_read_internationally(one: str, other: str) -> None:
    """E.164, with China as the region of numbers that name none."""
    assert HASHER.identifier(one, *PHONE) == HASHER.identifier(other, *PHONE)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "n/a", "NULL", "unknown", "匿名用户", "0000000000", "138****8000",
        "1381•••8000", "138----8000", "138…8000", "11010519XXXXXXXXXX", "12", "＊＊＊＊1234",
    ],
)  # fmt: skip
def test_blanks_placeholders_and_masked_numbers_are_nobodys(text: str) -> None:
    """They would make one person of many, so that the tally comes out too low."""
    assert HASHER.identifier(text, *PHONE) is None


def test_kinds_are_apart() -> None:
    """The same digits as a passport, a card and an account are three persons."""
    kinds = [
        ("pi_gov_id", "PASSPORT"),
        ("pi_gov_id", "SG_NRIC"),
        ("spi_financial_account", "CREDIT_CARD"),
        ("pi_account", "USER_ID"),
    ]
    assert len({HASHER.identifier("123456789", *kind) for kind in kinds}) == 4


def test_account_numbers_of_two_systems_are_apart() -> None:
    """User 10001 of one route need not be user 10001 of another; a phone is one everywhere."""
    other = Hasher(b"k" * 32, namespace="jp-returns")
    assert HASHER.identifier("10001") != other.identifier("10001")
    assert HASHER.identifier("13800138000") == other.identifier("13800138000")


def test_another_key_gives_other_persons() -> None:
    """The year's key decides; without it nothing can be tried out."""
    assert Hasher(b"x" * 32, namespace="").identifier("13800138000") != HASHER.identifier(
        "13800138000"
    )


def test_names_and_addresses_are_folded() -> None:
    """Case, width and blanks are not what tells people apart."""
    assert fold("Li Lei") == fold("LI  lei") == fold("Ｌｉ Ｌｅｉ") == "lilei"


def test_weak_keys_keep_their_parts_apart() -> None:
    """The border between name and address, and what the parts are."""
    kinds = [("address", ("ab", "c")), ("address", ("a", "bc")), ("birth", ("ab", "c"))]
    assert len(set(HASHER.together(kinds))) == 3


_TEXTS = st.lists(
    st.text("aＡ1 ﬁ́\0.ßΣ가王\ud800", max_size=6)
    | st.sampled_from(["13800138000", "11010519491231002X", "a@example.com", "138****8000"])
)


@given(_TEXTS)
def test_many_are_folded_as_each_by_itself(texts: list[str]) -> None:
    """Also with a NUL, a mark that joins the letter before it, and half of a surrogate pair."""
    assert fold_all(texts) == [fold(text) for text in texts]


@given(_TEXTS, st.sampled_from(["", "pi_contact_phone", "pi_gov_id", "pi_account"]))
def test_many_have_the_keys_of_each_by_itself(texts: list[str], category: str) -> None:
    """Those that cannot be written as UTF-8 beside those that can."""
    found = HASHER.identifiers(texts, category)
    assert found == [HASHER.identifier(text, category) for text in texts]


@given(st.text(), st.sampled_from(["", "pi_contact_phone", "pi_gov_id", "pi_account"]))
def test_any_text_gives_a_key_or_none(text: str, category: str) -> None:
    """Never an error: what cannot be read is an account of its own."""
    key = HASHER.identifier(text, category)
    assert key is None or len(key) == 16
