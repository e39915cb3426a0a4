"""Surrogate: a made-up value of the same kind in the value's place.

Hides the whole value; keeps its kind, script, a name's usual gender, a number's country and
format, a right check digit. The same value gets the same surrogate for one recipient. Where
ranges exist that belong to nobody, surrogates come from them: unassigned telephone prefixes,
reserved domains and addresses (RFC 2606, 5737, 3849), card and identity numbers that are not
issued. A name may be borne by somebody. Not reversible. Grade 2: records can still be joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final

from classifiers.checksums import mod_11_2
from gateway.operators.format_preserve import luhn_check
from gateway.operators.identity import identity, keyed
from gateway.operators.model import OperatorContext
from gateway.operators.pools import pool_id, pools

PURPOSE: Final = "surrogate"
_SCRIPT: Final = re.compile(
    r"(?P<zh_CN>[\u3400-\u4dbf\u4e00-\u9fff])|(?P<ja_JP>[\u3040-\u30ff])|(?P<ko_KR>[\uac00-\ud7a3])"
    r"|(?P<th_TH>[\u0e00-\u0e7f])|(?P<hi_IN>[\u0900-\u097f])|(?P<ru_RU>[\u0400-\u04ff])"
    r"|(?P<ar_SA>[\u0600-\u06ff])|(?P<vi_VN>[ăđơưĂĐƠƯ\u1ea0-\u1ef9])"
)
_KANA: Final = re.compile(r"[\u3040-\u30ff]")  # beside ideographs, they tell Japanese from Chinese
_FAMILY_FIRST: Final = {"zh_CN": "", "ja_JP": "", "ko_KR": "", "vi_VN": " "}  # what goes between
# Prefixes that no number in service has, by country code (phonenumbers' metadata).
_UNASSIGNED: Final = {
    "86": "142", "65": "1", "81": "40", "82": "13", "84": "4", "66": "40", "62": "84", "60": "2",
    "63": "80", "852": "1", "886": "1", "61": "10", "64": "25", "1": "555", "44": "7700900",
}  # fmt: skip
_TOWN: Final = re.compile(r"[^0-9]{1,12}?(?:省|市|区|县|州|盟)")
_NO_PLACE: Final = "99"  # no province has this code (GB/T 2260)
_NO_ISSUER: Final = "0"  # not an issuer's first digit (ISO/IEC 7812-1)
_MAX_TRIES: Final = 16


def surrogate(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """A made-up value for each text, never the text itself; a token where the kind is unknown."""
    digest = keyed(context.keys.derive(PURPOSE, f"{pool_id()}/{context.recipient}"))
    make = _MAKERS.get(context.entity, _token)
    return [_another(text, digest, make) for text in texts]


_Make = Callable[[str, bytes], str]  # text, 32 keyed bytes


def _another(text: str, digest: Callable[[str], bytes], make: _Make) -> str:
    """The first made-up value that is not `text`."""
    secret = digest(text)
    for _ in range(_MAX_TRIES):
        made = make(text, secret)
        if made != text:
            return made
        secret = digest(secret.hex())
    return _token(text, secret)


def _pick(choices: Sequence[str], digest: bytes, at: int) -> str:
    return choices[int.from_bytes(digest[at : at + 4], "big") % len(choices)]


def _digits(digest: bytes, count: int) -> str:
    """`count` decimal digits; 32 bytes are good for 70."""
    return str(int.from_bytes(digest, "big") % 10**count).zfill(count)


def _locale(text: str) -> str:
    if text.isascii():
        return "en_US"
    found = _SCRIPT.search(text)
    locale = (found and found.lastgroup) or "en_US"
    return "ja_JP" if locale == "zh_CN" and _KANA.search(text) else locale


@cache
def _lean(locale: str) -> dict[str, int]:
    """How male (1) or female (-1) a given name is, of Chinese names each of its characters."""
    pool = pools()[locale]
    parts: Callable[[str], Iterable[str]] = iter if locale == "zh_CN" else str.split
    male = {part for name in pool.male for part in parts(name)}
    female = {part for name in pool.female for part in parts(name)}
    return dict.fromkeys(male - female, 1) | dict.fromkeys(female - male, -1)


def _name(text: str, digest: bytes) -> str:
    """A name of the gender that the original's usually has; by the key where that is open."""
    locale = _locale(text)
    pool = pools()[locale]
    parts = text[1:] if locale == "zh_CN" else text.split()
    lean = _lean(locale)
    male = sum([lean.get(part, 0) for part in parts]) or (1 if digest[8] % 2 else -1)
    given = _pick(pool.male if male > 0 else pool.female, digest, 4)
    family = _pick(pool.family, digest, 0)
    between = _FAMILY_FIRST.get(locale)
    return f"{given} {family}" if between is None else family + between + given


def _phone(text: str, digest: bytes) -> str:
    """A number of the same length and format under an unassigned prefix of the same country."""
    plain = identity(text)
    number = re.sub(r"[^0-9]", "", plain)
    country = ""
    if plain.startswith("+"):
        country = next((number[:n] for n in (3, 2, 1) if number[:n] in _UNASSIGNED), "")
        prefix = country + _UNASSIGNED.get(country, "0")
    else:
        prefix = _UNASSIGNED["86"] if len(number) == 11 and number[0] == "1" else "00"
    rest = max(len(number) - len(prefix), 0)
    return _filled(text, (prefix + _digits(digest, rest) if rest else "0" * len(number)))


def _filled(text: str, digits: str) -> str:
    """`text` with its digits (of any script) replaced in order."""
    rest = iter(digits)
    return "".join(next(rest, "") if char.isdecimal() else char for char in text)


def _email(text: str, digest: bytes) -> str:
    del text
    pool = pools()["en_US"]
    local = f"{_pick(pool.male + pool.female, digest, 0)}.{_pick(pool.family, digest, 4)}"
    return f"{local.lower()}{_digits(digest, 4)}@example.com"


def _card(text: str, digest: bytes) -> str:
    """A number of the same length under a first digit that no issuer has, Luhn-valid."""
    count = sum(map(str.isdecimal, text))
    if count < 3:
        return _token(text, digest)
    body = _NO_ISSUER + _digits(digest, count - 2)
    return _filled(text, body + luhn_check(body))


def _resident_id(text: str, digest: bytes) -> str:
    """A number of no province, with a date of birth that exists and a right check character."""
    if len(identity(text)) != 18:
        return _token(text, digest)
    born = f"{1950 + digest[0] % 55}{1 + digest[1] % 12:02}{1 + digest[2] % 28:02}"
    body = _NO_PLACE + _digits(digest, 4) + born + _digits(digest[8:], 3)
    return body + mod_11_2(body)


def _address(text: str, digest: bytes) -> str:
    """As much as the original says: a post code, a town, a street, or all of it."""
    if text.isdecimal():
        return _filled(text, _digits(digest, len(text)))
    locale = _locale(text)
    pool = pools()[locale]
    city, street = _pick(pool.cities, digest, 0), _pick(pool.streets, digest, 4)
    number = 1 + digest[8]
    if locale != "zh_CN":
        return f"{number} {street}, {city}" if any(map(str.isdecimal, text)) else city
    if _TOWN.fullmatch(text):
        return city
    return (city if _TOWN.match(text) else "") + f"{street}{number}号"


def _ip(text: str, digest: bytes) -> str:
    if ":" in text:
        return "2001:db8:" + ":".join(digest[i : i + 2].hex() for i in range(0, 12, 2))
    return f"{('192.0.2', '198.51.100', '203.0.113')[digest[0] % 3]}.{digest[1]}"


def _date(text: str, digest: bytes) -> str:
    """Another day of the same form: year, month and day where they stood."""
    new = f"{1950 + digest[0] % 55}{1 + digest[1] % 12:02}{1 + digest[2] % 28:02}"
    if sum(map(str.isdecimal, text)) != len(new):
        return f"{new[:4]}-{new[4:6]}-{new[6:]}"
    return _filled(text, new)


def _token(text: str, digest: bytes) -> str:
    del text
    return f"anon{digest[16:24].hex()}"


_MAKERS: Final[dict[str, _Make]] = {
    "PERSON": _name,
    "PHONE_NUMBER": _phone,
    "EMAIL_ADDRESS": _email,
    "CREDIT_CARD": _card,
    "BANK_ACCOUNT": _card,
    "CN_RESIDENT_ID": _resident_id,
    "LOCATION": _address,
    "IP_ADDRESS": _ip,
    "DATE_OF_BIRTH": _date,
}
