"""Format-preserving encryption: other digits in the same places (NIST SP 800-38G, FF1).

Hides the digits, keeps length, separators and letters, and a check digit that was right stays
right. Reversible by whoever holds this gateway's keyring. Grade 2: a value keeps its stand-in, so
records of one person can still be joined.

FF1 only, and only on a domain of at least a million values (SP 800-38G Rev. 1, second draft,
2025-02); shorter numbers are suppressed. FF3-1 is not offered: the draft withdraws it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from fastfpe import ff1

from classifiers.canonical import canonical
from classifiers.checksums import mod_11_2
from gateway.operators.model import OperatorContext

PURPOSE: Final = "fpe"
MIN_DOMAIN: Final = 1_000_000
_DIGITS: Final = "0123456789"
# The value of each ASCII digit, and of the sum of its double's digits, as tables for `translate`.
_PLAIN: Final = bytes.maketrans(_DIGITS.encode(), bytes(range(10)))
_DOUBLED: Final = bytes.maketrans(
    _DIGITS.encode(), bytes(sum(divmod(2 * n, 10)) for n in range(10))
)
_Check = Callable[[str], str]  # digits -> check character


class DomainTooSmall(Exception):
    """Too few values to hide among."""


def format_preserve(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each text with its digits encrypted; `<ENTITY>` where they are fewer than six."""
    version = context.keys.current(PURPOSE)
    key = context.keys.derive(PURPOSE, context.recipient, version=version)
    check = _CHECKS.get(context.entity)
    return [_or_placeholder(text, key, check, context.entity) for text in texts]


def restore(text: str, context: OperatorContext, *, version: int) -> str:
    """The text whose digits were encrypted to `text`. Raises `DomainTooSmall`."""
    key = context.keys.derive(PURPOSE, context.recipient, version=version)
    return _turned(text, key, _CHECKS.get(context.entity), ff1_decrypt)


def _or_placeholder(text: str, key: bytes, check: _Check | None, entity: str) -> str:
    try:
        return _turned(text, key, check, ff1_encrypt)
    except DomainTooSmall:
        return f"<{entity or 'SUPPRESSED'}>"


_Turn = Callable[[bytes, str], str]


def _turned(text: str, key: bytes, check: _Check | None, turn: _Turn) -> str:
    """`text` with its digits turned by FF1, its other characters in their places."""
    if check is None and text.isascii() and text.isdigit():
        return turn(key, text)
    plain = canonical(text).text
    if check is not None and _passes(plain, check):
        places = _places(plain, "Xx")
        body = turn(key, "".join(plain[i] for i in places[:-1]))
        return _placed(plain, places, body + check(body))
    places = _places(plain)
    turned = _placed(plain, places, turn(key, "".join(plain[i] for i in places)))
    while check is not None and _passes(turned, check):
        # Cycle walking: a check that failed fails again, so that decryption can tell.
        turned = _placed(plain, places, turn(key, "".join(turned[i] for i in places)))
    return turned


def _places(text: str, more: str = "") -> list[int]:
    return [i for i, char in enumerate(text) if char in _DIGITS or char in more]


def _placed(text: str, places: Sequence[int], chars: str) -> str:
    out = list(text)
    for i, char in zip(places, chars, strict=True):
        out[i] = char
    return "".join(out)


def _passes(text: str, check: _Check) -> bool:
    """Whether the text's last digit (or X) is the check character of those before it."""
    number = "".join(text[i] for i in _places(text, "Xx")).upper()
    return len(number) > 1 and number[:-1].isdigit() and check(number[:-1]) == number[-1]


def ff1_encrypt(key: bytes, text: str, *, tweak: bytes = b"", alphabet: str = _DIGITS) -> str:
    """FF1 of `text` over `alphabet`. Raises `DomainTooSmall`."""
    _guard(text, alphabet)
    return str(ff1.encrypt(key.hex(), tweak.hex(), alphabet, text))


def ff1_decrypt(key: bytes, text: str, *, tweak: bytes = b"", alphabet: str = _DIGITS) -> str:
    """The inverse of `ff1_encrypt`. Raises `DomainTooSmall`."""
    _guard(text, alphabet)
    return str(ff1.decrypt(key.hex(), tweak.hex(), alphabet, text))


def _guard(text: str, alphabet: str) -> None:
    if len(alphabet) ** len(text) < MIN_DOMAIN:
        raise DomainTooSmall(f"fewer than {MIN_DOMAIN} values have this format")


def luhn_check(digits: str) -> str:
    """The digit that makes `digits` pass the Luhn check."""
    spelt = digits.encode("ascii")
    total = sum(spelt[::-2].translate(_DOUBLED)) + sum(spelt[-2::-2].translate(_PLAIN))
    return str(-total % 10)


_CHECKS: Final[dict[str, _Check]] = {"CREDIT_CARD": luhn_check, "CN_RESIDENT_ID": mod_11_2}
