"""Delivery address in Chinese: an administrative division, then a road, town or estate.

Divisions are told by their suffix (省 自治区 市 州 盟 区 县 旗) and by the names of the Ministry of
Civil Affairs' list, roads by their suffix, houses by number and counter (号 栋 单元 室). A road
with a house, or a known division with one of them, is likely, all three are sure; a division
alone is a place and points at nobody.

>>> verify("广东省深圳市南山区科苑路15号3栋201室"), verify("云南省昆明市秀英胡路")
(<Verdict.CONFIRMED: 'confirmed'>, <Verdict.LIKELY: 'likely'>)
>>> verify("北京市朝阳区"), verify("本市区道路")
(<Verdict.UNKNOWN: 'unknown'>, <Verdict.UNKNOWN: 'unknown'>)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.text.lexicon import read_lexicon

_H: Final = "\u4e00-\u9fff"
_DIVISION: Final = (
    f"(?>[{_H}]{{1,8}}?(?:特别行政区|自治区|自治州|自治县|新区|省|市|区|县|旗|州|盟))"
)
_ROAD: Final = (
    f"[{_H}0-9A-Za-z]{{1,10}}?(?:街道|大道|大街|公路|路|街|巷|弄|胡同|镇|乡|村|里|社区|开发区|园区)"
)
_ESTATE: Final = (
    f"(?>[{_H}0-9A-Za-z·]{{1,12}}?"
    "(?:小区|花园|家园|公寓|大厦|广场|中心|大楼|新村|新城|苑|园|城|府|庭|湾|居))"
)
_HOUSE: Final = (
    "[0-9A-Za-z一二三四五六七八九十百甲乙丙丁#-]{1,8}"
    "(?:号院|号楼|号|栋|幢|座|楼|单元|层|室|户|组|院)"
)
_DOOR: Final = "[0-9]{1,5}(?:-[0-9]{1,5}){0,3}"
_HAS_ROAD: Final = re.compile(
    "街道|大道|大街|公路|路|街|巷|弄|胡同|镇|乡|村|里|社区|园区|小区|花园|家园|公寓|大厦|广场|新村"
)
_HAS_HOUSE: Final = re.compile(f"{_HOUSE}|[0-9]{{2,5}}$")
_LONGEST: Final = 8  # characters of a division's name
_REACH: Final = 8  # characters from the beginning within which a division begins


@lru_cache(maxsize=1)
def _divisions() -> tuple[frozenset[str], dict[str, tuple[int, ...]]]:
    """The names of divisions, and by their first two characters how long they are."""
    names = frozenset(name for name in read_lexicon("zh")["d"] if 2 <= len(name) <= _LONGEST)
    sizes: dict[str, set[int]] = {}
    for name in names:
        sizes.setdefault(name[:2], set()).add(len(name))
    return names, {head: tuple(sorted(found)) for head, found in sizes.items()}


def _in_known_division(text: str) -> bool:
    """Whether the name of a division stands near the beginning."""
    names, sizes = _divisions()
    for at in range(_REACH):
        for size in sizes.get(text[at : at + 2], ()):
            if text[at : at + size] in names:
                return True
    return False


def verify(text: str) -> Verdict:
    """How far down it reaches, and whether its division exists."""
    road, house = _HAS_ROAD.search(text) is not None, _HAS_HOUSE.search(text) is not None
    reached = road + house + ((road or house) and _in_known_division(text))
    return (Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.LIKELY, Verdict.CONFIRMED)[reached]


_GAP: Final = "[ ,，、]?"
_TAIL: Final = f"(?:{_GAP}(?:{_HOUSE}|{_DOOR}))"

DETECTOR: Final = Detector(
    name="cn.address",
    category="pi_delivery",
    entity="CN_ADDRESS",
    patterns=(
        Pattern(
            "division and road",
            f"(?:{_DIVISION}{_GAP}){{1,4}}(?:{_ROAD}{_GAP}){{1,3}}(?:{_ESTATE})?{_TAIL}{{0,5}}",
            0.6,
        ),
        Pattern("division and estate", f"(?:{_DIVISION}{_GAP}){{1,4}}{_ESTATE}{_TAIL}{{1,5}}", 0.6),
        Pattern(
            "road and house",
            f"[{_H}]{{2,8}}?(?:大道|大街|路|街|巷|胡同)[0-9]{{1,5}}(?:-[0-9]{{1,4}})?号{_TAIL}{{0,5}}",
            0.5,
        ),
    ),
    verify=verify,
    strong=True,
    context=("地址", "住址", "收货", "寄到", "送到", "配送", "快递", "住在", "address"),
    fields=("address",),
)
