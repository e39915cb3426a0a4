"""FF1: NIST's samples, bijection, small domains, check digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from classifiers.checksums import mod_11_2
from gateway.operators.format_preserve import (
    DomainTooSmall,
    ff1_decrypt,
    ff1_encrypt,
    format_preserve,
    luhn_check,
    restore,
)
from gateway.operators.model import OperatorContext
from tests.gateway.treating import FakeKeys

_128 = "2B7E151628AED2A6ABF7158809CF4F3C"
_192 = _128 + "EF4359D8D580AA4F"
_256 = _192 + "7F036D6F04FC6A94"
_10 = ("0123456789", "0123456789")
_36 = ("0123456789abcdefghijklmnopqrstuvwxyz", "0123456789abcdefghi")
_T10, _T36 = "39383736353433323130", "3737373770717273373737"


@pytest.mark.parametrize(
    ("key", "tweak", "domain", "want"),
    [
        (_128, "", _10, "2433477484"),
        (_128, _T10, _10, "6124200773"),
        (_128, _T36, _36, "a9tv40mll9kdu509eum"),
        (_192, "", _10, "2830668132"),
        (_192, _T10, _10, "2496655549"),
        (_192, _T36, _36, "xbj3kv35jrawxv32ysr"),
        (_256, "", _10, "6657667009"),
        (_256, _T10, _10, "1001623463"),
        (_256, _T36, _36, "xs8a0azh2avyalyzuwd"),
    ],
)
def test_nist_samples(key: str, tweak: str, domain: tuple[str, str], want: str) -> None:
    """All nine FF1 samples of NIST's example values for SP 800-38G."""
    alphabet, plain = domain
    secret, salt = bytes.fromhex(key), bytes.fromhex(tweak)
    assert ff1_encrypt(secret, plain, tweak=salt, alphabet=alphabet) == want
    assert ff1_decrypt(secret, want, tweak=salt, alphabet=alphabet) == plain


def _context(entity: str = "", recipient: str = "R") -> OperatorContext:
    return OperatorContext(recipient=recipient, keys=FakeKeys(), entity=entity)


@given(st.from_regex(r"[0-9]{7,22}", fullmatch=True), st.sampled_from(["", "CREDIT_CARD"]))
def test_every_number_comes_back(number: str, entity: str) -> None:
    """Decryption gives the number that was encrypted, with or without a right check digit."""
    for text in (number, number + luhn_check(number)):
        (hidden,) = format_preserve([text], _context(entity))
        assert len(hidden) == len(text)
        assert restore(hidden, _context(entity), version=1) == text


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_every_resident_number_comes_back(number: str) -> None:
    """Numbers with a right check character get a right one; all are restored."""
    for text in (number, number[:17] + mod_11_2(number[:17])):
        (hidden,) = format_preserve([text], _context("CN_RESIDENT_ID"))
        right = [mod_11_2(each[:17]) == each[17] for each in (text, hidden)]
        assert right[0] == right[1]
        assert restore(hidden, _context("CN_RESIDENT_ID"), version=1) == text


def test_ff1_is_a_bijection_on_a_sample() -> None:
    """Distinct numbers have distinct stand-ins."""
    numbers = [f"1380013{i:04}" for i in range(2_000)]
    assert len(set(format_preserve(numbers, _context("PHONE_NUMBER")))) == len(numbers)


def test_format_and_check_digit_stay() -> None:
    """Separators and letters stand where they stood; a Luhn number stays one."""
    (hidden,) = format_preserve(["6222-0212 3456 7890"], _context("PASSPORT"))
    assert [i for i, c in enumerate(hidden) if not c.isdigit()] == [4, 9, 14]
    (card,) = format_preserve(["4111 1111 1111 1111"], _context("CREDIT_CARD"))
    assert luhn.is_valid(card.replace(" ", ""))
    assert card != "4111 1111 1111 1111"


@given(st.from_regex(r"[0-9]{1,20}", fullmatch=True))
def test_the_luhn_digit(digits: str) -> None:
    """As python-stdnum computes it."""
    assert luhn_check(digits) == luhn.calc_check_digit(digits)


@pytest.mark.parametrize("text", ["", "1", "12345", "P1234", "----"])
def test_small_domains_are_refused(text: str) -> None:
    """Under a million values the cipher is refused and the value suppressed."""
    with pytest.raises(DomainTooSmall):
        restore(text, _context(), version=1)
    assert format_preserve([text], _context("PHONE_NUMBER")) == ["<PHONE_NUMBER>"]


def test_recipients_get_different_numbers() -> None:
    """The key is the recipient's."""
    numbers = [f"1391111{i:04}" for i in range(100)]
    one = format_preserve(numbers, _context(recipient="one"))
    other = format_preserve(numbers, _context(recipient="other"))
    assert not set(one) & set(other)
