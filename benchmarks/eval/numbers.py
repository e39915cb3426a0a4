"""Made-up identifiers: a shape, an independent check, and titles as people write them.

`data/identifiers.tsv` has a row per kind of number: every row of the jurisdiction table and the
national numbers of the EU and further partners. In a shape `#` is a digit, `@` a letter, `{a,b}` a
choice; anything else stands for itself. A number counts only if the check accepts it: a module of
python-stdnum, or one of the functions below, so the sets do not depend on our own detectors.
"""

from __future__ import annotations

import importlib
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

_TABLE: Final = Path(__file__).with_name("data") / "identifiers.tsv"
# Rows of the table whose shapes no ordinary number has: found without a title.
_ALONE: Final = frozenset(
    "cn.resident_id cn.uscc hk.hkid sg.nric kr.rrn my.nric mm.nrc za.id_number gh.ghana_card"
    " tz.nida eg.national_id ae.emirates_id ch.ahv it.codice_fiscale ind.pan ind.gstin fi.hetu"
    " gb.nino mx.curp gb.driving_licence us.mbi be.eid de.svnr rs.jmbg si.emso fr.nir"
    " finance.payment_card vehicle.cn_plate".split()
)
_CHOICE: Final = re.compile(r"\{([^}]*)\}")
_TRIES: Final = 200_000
# How a title stands beside a number in forms, tables and letters.
FRAMES: Final = (
    "{title}: {number}", "{title}：{number}", "{title} {number}", "{title}{number}",
    "{title} is {number}", "{number} ({title})", "{title}=\"{number}\"", "{title} - {number}",
    "my {title} is {number}, please confirm", "{title} #{number}", "[{title}] {number}",
    "{title}\t{number}", "{title} 为 {number}。", "\"{title}\": \"{number}\"",
    "{title}: {number}; ref 20261122", "Please update: {title} {number}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One identifier. `detectors` may type it; `check` is "" where no check exists."""

    country: str
    detectors: frozenset[str]
    shape: str
    check: str
    titles: tuple[str, ...]


_ACCOUNTS: Final = tuple(
    Kind(country, frozenset({detector}), shape, check, ())
    for country, detector, shape, check in (
        ("DE", "finance.iban", "DE####################", "iban"),
        ("GB", "finance.iban", "GB##{NWBK,BARC}##############", "iban"),
        ("SA", "finance.iban", "SA##80##################", "iban"),
        ("EG", "finance.iban", "EG###########################", "iban"),
        ("visa", "finance.payment_card", "4###############", "luhn"),
        ("mastercard", "finance.payment_card", "5{1,2,3,4,5}##############", "luhn"),
        ("amex", "finance.payment_card", "3{4,7}#############", "luhn"),
        ("jcb", "finance.payment_card", "35{28,30,56,89}############", "luhn"),
        ("unionpay", "finance.payment_card", "62{2202,1483,1700,2848}#############", "luhn"),
    )
)


def kinds() -> tuple[Kind, ...]:
    """Every row of the table."""
    rows = [line.split("\t") for line in _TABLE.read_text("utf-8").splitlines()[1:] if line]
    return tuple(
        Kind(country, frozenset(detectors.split()), shape, check, tuple(titles.split("|")))
        for country, detectors, shape, check, titles in rows
    )


def alone() -> tuple[Kind, ...]:
    """The kinds that need no title, and account numbers that have a form of their own."""
    strong = [kind for kind in kinds() if kind.detectors & _ALONE and _rare(kind)]
    return (*strong, *_ACCOUNTS)


def _rare(kind: Kind) -> bool:
    """Whether its punctuation, or a check that is not easily passed, leaves few other readings."""
    easy = not kind.check or kind.detectors & {"hk.hkid", "my.nric"}
    return not easy or bool(set(_CHOICE.sub("", kind.shape)) - {"#", "@"})


def sample(kind: Kind, random_: random.Random, count: int) -> Iterator[str]:
    """`count` numbers that the kind's check accepts. Raises `ValueError` for an empty kind."""
    for _ in range(_TRIES):
        text = _made(kind.shape, random_)
        if valid(kind.check, text):
            count -= 1
            yield text
        if not count:
            return
    raise ValueError(f"{kind.country} {kind.shape}: its check {kind.check} accepts nothing")


def titled(title: str, number: str, random_: random.Random) -> str:
    """The number beside its title; what touches a title of Latin letters keeps a distance."""
    frame = random_.choice(FRAMES)
    if "{title}{number}" in frame and title[-1:].isascii():
        frame = FRAMES[0]
    if not title.isascii() and " is " in frame:
        frame = FRAMES[1]
    return frame.format(title=title, number=number)


def _made(shape: str, random_: random.Random) -> str:
    chosen = _CHOICE.sub(lambda part: random_.choice(part[1].split(",")), shape)
    pools = {"#": "0123456789", "@": "ABCDEFGHJKLMNPQRSTUVWXYZ"}
    return "".join(random_.choice(pools[char]) if char in pools else char for char in chosen)


def valid(check: str, text: str) -> bool:
    """Whether `check` accepts `text`."""
    if check in _OWN:
        compact = "".join(char for char in text if char.isalnum())
        return bool(_OWN[check](compact))
    return not check or bool(importlib.import_module(f"stdnum.{check}").is_valid(text))


def _digits(text: str) -> list[int]:
    return [unicodedata.digit(char) for char in text]


def _weighted(text: str, weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(_digits(text), weights, strict=False))


def _hkid(text: str) -> bool:
    values = [36, ord(text[0]) - 55, *(int(digit, 36) for digit in text[1:8])]
    return (
        sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True)) % 11 == 0
    )


def _nric(text: str) -> bool:
    total = _weighted(text[1:8], (2, 7, 6, 5, 4, 3, 2))
    total += {"T": 4, "G": 4, "M": 3}.get(text[0], 0)
    if text[0] == "M":
        return text[8] == "KLJNPQRTUWX"[10 - total % 11]
    return text[8] == ("JZIHGFEDCBA" if text[0] in "ST" else "XWUTRQPNMLK")[total % 11]


def _taiwan(text: str) -> bool:
    letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0]) + 10
    digits = [letter // 10, letter % 10, *_digits(text[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(d * w for d, w in zip(digits, weights, strict=True)) % 10 == 0


def _medicare(text: str) -> bool:
    return _weighted(text[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(text[8])


def _nhi(text: str) -> bool:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    values = [letters.index(char) + 1 for char in text[:3]] + _digits(text[3:6])
    rest = sum(v * w for v, w in zip(values, range(7, 1, -1), strict=True)) % 11
    return rest != 0 and int(text[6]) == (11 - rest) % 10


def _iin(text: str) -> bool:
    rest = _weighted(text[:11], range(1, 12)) % 11
    if rest == 10:
        rest = _weighted(text[:11], (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return rest == int(text[11])


def _snils(text: str) -> bool:
    return _weighted(text[:9], range(9, 0, -1)) % 101 % 100 == int(text[9:])


def _jmbg(text: str) -> bool:
    rest = 11 - _weighted(text[:12], (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if rest > 9 else rest) == int(text[12])


def _spanish_insurance(text: str) -> bool:
    number = int(text[2:10])
    whole = int(text[:2]) * 10_000_000 + number if number < 10_000_000 else int(text[:10])
    return whole % 97 == int(text[10:])


def _german_insurance(text: str) -> bool:
    spelled = text[:8] + f"{ord(text[8]) - 64:02d}" + text[9:11]
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    products = (digit * weight for digit, weight in zip(_digits(spelled), weights, strict=True))
    return sum(product // 10 + product % 10 for product in products) % 10 == int(text[11])


def _german_health(text: str) -> bool:
    spelled = f"{ord(text[0]) - 64:02d}" + text[1:9]
    products = (d * (1 + at % 2) for at, d in enumerate(_digits(spelled)))
    return sum(product // 10 + product % 10 for product in products) % 10 == int(text[9])


def _taj(text: str) -> bool:
    return _weighted(text[:8], (3, 7) * 4) % 10 == int(text[8])


def _hungarian_tax(text: str) -> bool:
    return _weighted(text[:9], range(1, 10)) % 11 == int(text[9])


def _hungarian_person(text: str) -> bool:
    return _weighted(text[:10], range(10, 0, -1)) % 11 == int(text[10])


def _niss(text: str) -> bool:
    return 9 - _weighted(text[:10], (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)) % 10 == int(text[10])


def _dowod(text: str) -> bool:
    values = [int(char, 36) for char in text]
    return sum(v * w for v, w in zip(values, (7, 3, 1, 9, 7, 3, 1, 7, 3), strict=True)) % 10 == 0


def _moroccan_account(text: str) -> bool:
    return 97 - int(text[:22] + "00") % 97 == int(text[22:])


def _thai_dashed(text: str) -> bool:
    return bool(importlib.import_module("stdnum.th.pin").is_valid(text))


def _dutch_vat(text: str) -> bool:
    return bool(importlib.import_module("stdnum.nl.bsn").is_valid(text[2:11]))


_OWN: Final[Mapping[str, Callable[[str], object]]] = {
    "hk": _hkid, "sg": _nric, "tw": _taiwan, "aumedicare": _medicare, "nznhi": _nhi,
    "mod112": mod_11_2.is_valid, "luhn": luhn.is_valid, "kziin": _iin, "snils": _snils,
    "jmbg": _jmbg, "esss": _spanish_insurance, "desvnr": _german_insurance,
    "dekvnr": _german_health, "hutaj": _taj, "hutax": _hungarian_tax,
    "huper": _hungarian_person, "ptniss": _niss, "pldowod": _dowod,
    "marib": _moroccan_account, "th.pindash": _thai_dashed, "nlbtw": _dutch_vat,
}  # fmt: skip
