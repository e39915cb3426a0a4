"""Surrogate: a made-up value of the same kind in the value's place.

Hides the whole value; keeps its kind, script, a name's usual gender, a number's country and
format, a right check digit. The same value, in any of its spellings (`gateway.operators.identity`),
gets the same surrogate for one recipient. Where ranges exist that belong to nobody, surrogates
come from them: unassigned telephone prefixes, reserved domains and addresses (RFC 2606, 5737,
3849), card and identity numbers that are not issued. A name may be borne by somebody. Not
reversible. Grade 2: records can still be joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from gateway.operators.identity import digests, keyed
from gateway.operators.kinds import Kind, kind_of
from gateway.operators.made_up_numbers import (
    card,
    cards,
    digits_of,
    filled,
    national,
    phone,
    resident_id,
)
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
_TOWN: Final = re.compile(r"[^0-9]{1,12}?(?:省|市|区|县|州|盟)")
_MAX_TRIES: Final = 16

_Make = Callable[[str, bytes], str]  # text, 32 keyed bytes; "" where it can make nothing


def surrogate(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """A made-up value for each text, never the text itself; a token where the kind is unknown."""
    key = context.keys.derive(PURPOSE, f"{pool_id()}/{context.recipient}")
    make = _maker(context.entity, context.category)
    secrets = digests(texts, context.entity, key)
    made = _made(make, texts, secrets)
    for place, (text, new) in enumerate(zip(texts, made, strict=True)):
        if new == text or not new:
            made[place] = _another(text, secrets[place], key, make)
    return made


def _made(make: _Make, texts: Sequence[str], secrets: Sequence[bytes]) -> list[str]:
    if make is not card:
        return list(map(make, texts, secrets))
    return [
        card(text, secret) if number is None else number
        for text, secret, number in zip(texts, secrets, cards(texts, secrets), strict=True)
    ]


def _another(text: str, secret: bytes, key: bytes, make: _Make) -> str:
    """The next made-up value that is not `text`; a token where there is none."""
    digest = keyed(key)
    for _ in range(_MAX_TRIES):
        secret = digest(secret.hex())
        made = make(text, secret)
        if not made:
            break
        if made != text:
            return made
    return _token(text, secret)


def _maker(entity: str, category: str) -> _Make:
    if entity == "CN_RESIDENT_ID":
        return resident_id
    kind = kind_of(entity, category)
    if kind is Kind.IDENTIFIER or entity in ("IBAN_CODE", "NG_NUBAN", "NZ_BANK_ACCOUNT"):
        return lambda text, secret: national(text, secret, entity)
    return _BY_KIND.get(kind, _token)


def _pick(choices: Sequence[str], digest: bytes, at: int) -> str:
    return choices[int.from_bytes(digest[at : at + 4], "big") % len(choices)]


def _locale(text: str) -> str:
    if text.isascii():
        return "en_US"
    if "\u4e00" <= text[0] <= "\u9fff":
        return "ja_JP" if _KANA.search(text) else "zh_CN"
    found = _SCRIPT.search(text)
    locale = (found and found.lastgroup) or "en_US"
    return "ja_JP" if locale == "zh_CN" and _KANA.search(text) else locale


@dataclass(frozen=True, slots=True)
class _People:
    """One locale's names, ready to be drawn from.

    `lean`: how male (1) or female (-1) a given name is, of Chinese names each of its characters.
    """

    family: Sequence[str]
    male: Sequence[str]
    female: Sequence[str]
    lean: Mapping[str, int]
    between: str | None  # family name and given name; None where the given name comes first


@cache
def _people(locale: str) -> _People:
    pool = pools()[locale]
    parts: Callable[[str], Iterable[str]] = iter if locale == "zh_CN" else str.split
    male = {part for name in pool.male for part in parts(name)}
    female = {part for name in pool.female for part in parts(name)}
    lean = dict.fromkeys(male - female, 1) | dict.fromkeys(female - male, -1)
    return _People(pool.family, pool.male, pool.female, lean, _FAMILY_FIRST.get(locale))


def _name(text: str, secret: bytes) -> str:
    """A name of the gender that the original's usually has; by the key where that is open."""
    locale = _locale(text)
    people = _people(locale)
    male = 0
    for part in text[1:] if locale == "zh_CN" else text.split():
        male += people.lean.get(part, 0)
    number = int.from_bytes(secret[:12], "big")
    given = people.male if (male or (number & 1 or -1)) > 0 else people.female
    number, at = divmod(number >> 1, len(people.family))
    chosen, family = given[number % len(given)], people.family[at]
    return f"{chosen} {family}" if people.between is None else family + people.between + chosen


def _email(text: str, digest: bytes) -> str:
    del text
    given, family = _local_parts()
    number, at = divmod(int.from_bytes(digest[:12], "big"), len(given))
    number, of_family = divmod(number, len(family))
    return f"{given[at]}.{family[of_family]}{number % 10_000:04}@example.com"


@cache
def _local_parts() -> tuple[Sequence[str], Sequence[str]]:
    pool = pools()["en_US"]
    return [n.lower() for n in pool.male + pool.female], [n.lower() for n in pool.family]


def _address(text: str, digest: bytes) -> str:
    """As much as the original says: a post code, a town, a street, or all of it."""
    if text.isdecimal():
        return filled(text, digits_of(digest, len(text)))
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
    return filled(text, new)


def _token(text: str, digest: bytes) -> str:
    del text
    return f"anon{digest[16:24].hex()}"


_BY_KIND: Final[Mapping[Kind, _Make]] = {
    Kind.NAME: _name,
    Kind.PHONE: phone,
    Kind.EMAIL: _email,
    Kind.CARD: card,
    Kind.ACCOUNT: card,
    Kind.ADDRESS: _address,
    Kind.NETWORK: _ip,
    Kind.BIRTH: _date,
    Kind.TIME: _date,
}
