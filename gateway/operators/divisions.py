"""China's administrative divisions (GB/T 2260): provinces and cities by name and by code.

The table is python-stdnum's, which it keeps for resident numbers; read once, when first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from stdnum import numdb

CODE: Final = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|7[1-2]|8[1-3])[0-9]{4}")
_YEARS: Final = re.compile(r"\[[0-9-]*\]")
_PROVINCE_KIND: Final = re.compile(r"省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区")
_CITY_KINDS: Final = ("自治州", "地区", "盟", "市")
_MUNICIPALITIES: Final = frozenset(
    ("北京市", "天津市", "上海市", "重庆市", "香港特别行政区", "澳门特别行政区")
)


@dataclass(frozen=True, slots=True)
class _Names:
    """Names to what they mean, and the lengths of those that begin with the same two characters."""

    meaning: Mapping[str, str]
    lengths: Mapping[str, Sequence[int]]  # longest first

    @classmethod
    def of(cls, meaning: Mapping[str, str]) -> _Names:
        """With their index."""
        lengths: dict[str, set[int]] = {}
        for name in meaning:
            lengths.setdefault(name[:2], set()).add(len(name))
        return cls(meaning, {head: sorted(of, reverse=True) for head, of in lengths.items()})

    def begins(self, text: str) -> int:
        """The length of the longest name that `text` begins with."""
        for length in self.lengths.get(text[:2], ()):
            if length <= len(text) and text[:length] in self.meaning:
                return length
        return 0


@cache
def _provinces() -> _Names:
    """Full and short names to full names."""
    table = numdb.get("cn/loc")
    facts = [facts for code in range(11, 84) for _, facts in table.info(f"{code}0000")]
    names = {each["province"] for each in facts if "province" in each} | _MUNICIPALITIES
    return _Names.of(
        {form: name for name in names for form in (name, _PROVINCE_KIND.sub("", name))}
    )


@cache
def _cities() -> _Names:
    """Names of cities, with and without their kind, to their province."""
    table = numdb.get("cn/loc")
    found: dict[str, str] = {}
    for code in range(1101, 6600):
        facts = [facts for _, facts in table.info(f"{code}00")]
        names = facts[1].get("county", "") if len(facts) > 1 and code % 100 else ""
        for name in _YEARS.sub("", names).split(","):
            kind = next((kind for kind in _CITY_KINDS if name.endswith(kind)), None)
            if kind and name != "市辖区":
                found[name] = facts[0]["province"]
                if len(short := name.removesuffix(kind)) > 1 and kind == "市":
                    found.setdefault(short, facts[0]["province"])
    return _Names.of(found)


@dataclass(frozen=True, slots=True)
class Division:
    """The province of an address, and how far its own words for province and city reach."""

    province: str
    province_end: int
    city_end: int


def division_of(text: str) -> Division | None:
    """Where a Chinese address lies, by its beginning; None where no division is named there."""
    provinces, cities = _provinces(), _cities()
    end, city = provinces.begins(text), cities.begins(text)
    if city > end:  # 吉林市 is a city of 吉林省
        return Division(cities.meaning[text[:city]], 0, city)
    if not end:
        return None
    province = provinces.meaning[text[:end]]
    if province in _MUNICIPALITIES:
        return Division(province, end, end)
    rest = text[end:]
    city = cities.begins(rest)
    own = cities.meaning.get(rest[:city]) == province
    return Division(province, end, end + city if own else end)
