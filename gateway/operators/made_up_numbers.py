"""Made-up numbers: phones, cards, identity numbers of the form and the check of the original.

From ranges that belong to nobody where such exist: unassigned telephone prefixes, a first digit
that no card issuer has, a province and an area that do not exist. Other national numbers get the
form of the original and, where its check held, one that holds: nobody knows whether somebody has
the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

from classifiers.checksums import mod_11_2
from classifiers.model import Verdict
from classifiers.registry import default_registry
from gateway.operators.compiled import twin

# Prefixes that no number in service has, by country code (phonenumbers' metadata).
UNASSIGNED: Final = {
    "86": "142", "65": "1", "81": "40", "82": "13", "84": "4", "66": "40", "62": "84", "60": "2",
    "63": "80", "852": "1", "886": "1", "61": "10", "64": "25", "1": "555", "44": "7700900",
}  # fmt: skip
_NO_PLACE: Final = "99"  # no province has this code (GB/T 2260)
_POWERS: Final = [10**count for count in range(70)]  # 32 bytes are good for so many digits
_DOUBLE: Final = [sum(divmod(2 * digit, 10)) for digit in range(10)]
# What four digits add to a Luhn sum if the last of them is doubled.
_LUHN: Final = bytes(
    _DOUBLE[a % 10] + a // 10 % 10 + _DOUBLE[a // 100 % 10] + a // 1000 for a in range(10_000)
)
_NO_AREA: Final = {"US_SSN": "666"}  # an area that was never assigned (SSA, randomization FAQ)
# Where a date stands among the digits of a number, by its order.
_DATES: Final = {
    "KR_RRN": (0, "ymd"),
    "MY_NRIC": (0, "ymd"),
    "ZA_ID_NUMBER": (0, "ymd"),
    "KZ_IIN": (0, "ymd"),
    "PL_PESEL": (0, "ymd"),
    "ID_NIK": (6, "dmy"),
    "FI_HETU": (0, "dmy"),
    "DK_CPR": (0, "dmy"),
    "NO_FODSELSNUMMER": (0, "dmy"),
}
_DRAWS: Final = 32
_FORMED: Final = (Verdict.CONFIRMED, Verdict.LIKELY)


def digits_of(secret: bytes, count: int) -> str:
    """`count` decimal digits; 32 bytes are good for 70."""
    if count <= 16:  # 16 bytes are plenty, and half the work
        return f"{int.from_bytes(secret[:16], 'big') % 10**count:0{count}}"
    return f"{int.from_bytes(secret, 'big') % 10**count:0{count}}"


def filled(text: str, digits: str) -> str:
    """`text` with its digits (of any script) replaced in order."""
    rest = iter(digits)
    return "".join(next(rest, "") if char.isdecimal() else char for char in text)


def phone(text: str, secret: bytes) -> str:
    """A number of the same length and format under an unassigned prefix of the same country."""
    if len(text) == 11 and text[0] == "1" and text.isascii() and text.isdigit():
        return UNASSIGNED["86"] + digits_of(secret, 8)
    number = "".join(str(int(char)) for char in text if char.isdecimal())
    country = ""
    if text.lstrip()[:1] in ("+", "＋"):
        country = next((number[:n] for n in (3, 2, 1) if number[:n] in UNASSIGNED), "")
        prefix = country + UNASSIGNED.get(country, "0")
    else:
        prefix = UNASSIGNED["86"] if len(number) == 11 and number[0] == "1" else "00"
    rest = max(len(number) - len(prefix), 0)
    return filled(text, prefix + digits_of(secret, rest) if rest else "0" * len(number))


@twin
def cards(texts: Sequence[str], secrets: Sequence[bytes]) -> list[str | None]:
    """A number as of `card` for each text of 3 to 18 ASCII digits; None for another."""
    return [
        _card(len(text), secret) if 3 <= len(text) <= 18 and _is_plain(text) else None
        for text, secret in zip(texts, secrets, strict=True)
    ]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isdigit()


def card(text: str, secret: bytes) -> str:
    """A number of the same length under a first digit that no issuer has, Luhn-valid."""
    if _is_plain(text):
        return _card(len(text), secret)
    made = _card(sum(map(str.isdecimal, text)), secret)
    return filled(text, made) if made else ""


def _card(count: int, secret: bytes) -> str:
    """`count` digits; "" for fewer than three, which would leave nothing to draw."""
    if not 3 <= count < len(_POWERS):
        return ""
    number = int.from_bytes(secret[:16] if count <= 18 else secret, "big") % _POWERS[count - 2]
    body = f"{number:0{count - 1}}"  # begins with 0, which is no issuer's first digit
    total = 0
    while number:
        number, four = divmod(number, 10_000)
        total += _LUHN[four]
    return f"{body}{-total % 10}"


def resident_id(text: str, secret: bytes) -> str:
    """A number of no province, with a date of birth that exists and a right check character."""
    if sum(map(str.isalnum, text)) != 18:
        return ""
    born = f"{1950 + secret[0] % 55}{1 + secret[1] % 12:02}{1 + secret[2] % 28:02}"
    body = _NO_PLACE + digits_of(secret, 4) + born + digits_of(secret[8:], 3)
    return body + mod_11_2(body)


def national(text: str, secret: bytes, entity: str) -> str:
    """A number of the same form whose check holds if that of `text` does; "" if none is found."""
    places = [i for i, char in enumerate(text) if char.isascii() and char.isalnum()]
    verify = _verifier(entity)
    if verify is None or len(places) < 4:
        return ""
    wanted = verify(text)
    for drawn in _drawn(text, places, secret, entity):
        if wanted not in _FORMED:
            return drawn
        for made in _ends(drawn, places[-1], secret[31]):
            if made != text and verify(made) is wanted:
                return made
    return ""


def _drawn(text: str, places: Sequence[int], secret: bytes, entity: str) -> Iterator[str]:
    """Other digits in the same places, and other letters where there is more than a letter or two.

    One or two letters are a series (S1234567D), not a name.
    """
    series = sum(text[i].isalpha() for i in places[:-1]) <= 2
    at, order = _DATES.get(entity, (0, ""))
    for draw in range(_DRAWS):
        number = int.from_bytes(secret, "big") ^ (draw * 0x9E3779B97F4A7C15F39CC0605CEDC834)
        chars = list(text)
        for i in places:
            if text[i].isdigit():
                number, digit = divmod(number, 10)
                chars[i] = str(digit)
            elif not series:
                number, letter = divmod(number, 26)
                chars[i] = chr((65 if text[i].isupper() else 97) + letter)
        if order:
            number, day = divmod(number, 28)
            number, month = divmod(number, 12)
            parts = {"y": chars[places[at]] + "1", "m": f"{month + 1:02}", "d": f"{day + 1:02}"}
            for i, char in zip(places[at:], "".join(parts[part] for part in order), strict=False):
                chars[i] = char
        for i, char in zip(places, _NO_AREA.get(entity, ""), strict=False):
            chars[i] = char
        yield "".join(chars)


def _ends(text: str, last: int, start: int) -> Iterator[str]:
    """`text` with every character of its last one's class in that place."""
    alphabet = "0123456789" if text[last].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if text[last].islower():
        alphabet = alphabet.lower()
    for n in range(len(alphabet)):
        char = alphabet[(start + n) % len(alphabet)]
        yield text[:last] + char + text[last + 1 :]


@cache
def _verifier(entity: str) -> Callable[[str], Verdict] | None:
    """The check of the detector that finds this entity."""
    detectors = default_registry().detectors
    return next((each.verify for each in detectors if each.entity == entity), None)
