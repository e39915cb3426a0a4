"""Generalize: the same fact, coarser.

Keeps the month of a time, the year of a birth, the ten-year band of an age, the city of an
address or of its administrative or postal code, the network of an IP address, the order of a
number, eleven kilometres of a position. Hides the rest; not reversible. Grade 2 or 3, depending
on how many share the coarser value.

Parameters hide more: `to` (month, quarter, year, decade; city, province, country), `width` of the
bands of ages and numbers, `prefix` of an IPv4 network (IPv6: twice that), `precision` of a
position in characters of its geohash.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from classifiers.canonical import canonical
from gateway.operators.divisions import CODE, division_of
from gateway.operators.kinds import Kind, kind_of
from gateway.operators.model import Apply, OperatorContext
from gateway.operators.parameters import Parameters

_MONTH: Final = re.compile(
    r"(?<![0-9])((?:18|19|20)[0-9]{2})(?:\D{0,2}(0[1-9]|1[0-2]|[1-9]))(?![0-9])|"
    r"(?<![0-9])((?:18|19|20)[0-9]{2})(0[1-9]|1[0-2])[0-3][0-9]"
)
_YEAR: Final = re.compile(r"(?<![0-9])(?:18|19|20)[0-9]{2}")
_PLACE: Final = re.compile(
    r"(?:[^省市]{1,8}?(?:省|自治区|特别行政区))?(?:[^市县区路街]{1,10}?(?:自治州|地区|盟|市))?"
)
_IDEOGRAPH: Final = re.compile(r"[\u4e00-\u9fff]")
_CHINA: Final = "中国"
_GEOHASH: Final = re.compile(r"[0-9b-hjkmnp-z]{5,12}")
_POSITION: Final = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?")
_NUMBER: Final = re.compile(r"(-?)0*([0-9]{1,30})(?:\.[0-9]*)?")
_AGE: Final = re.compile(r"[0-9]{1,3}")
_AGE_BAND: Final = 10
_OLDEST: Final = 90  # one band from here on (top coding)
_DATES: Final = ("month", "quarter", "year", "decade")  # ever coarser
_PLACES: Final = ("city", "province", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How coarse: `to` which step of a ladder, and the units of what has no ladder."""

    to: str | None = None
    width: int | None = None
    prefix: int = 24
    precision: int = 4

    def on(self, ladder: Sequence[str], least: str) -> str:
        """The step to take on `ladder`: what was asked for, at least `least`; "" for another's."""
        if self.to is None or self.to == least:
            return least
        return max(self.to, least, key=ladder.index) if self.to in ladder else ""


_Coarser = Callable[[str, Steps], str]  # "" where nothing can be kept
PLAIN: Final = Steps()


def generalize(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each text made coarser by what it is; `<ENTITY>` where there is nothing to keep."""
    return _coarsened(texts, context, PLAIN)


def generalizing(parameters: Parameters) -> Apply:
    """`generalize` with steps of one's own. Raises `BadParameter`."""
    steps = Steps(
        to=parameters.choice("to", *_DATES, *_PLACES),
        width=parameters.whole("width", _AGE_BAND, 10**9),
        prefix=parameters.whole("prefix", 8, PLAIN.prefix) or PLAIN.prefix,
        precision=parameters.whole("precision", 2, PLAIN.precision) or PLAIN.precision,
    )
    return lambda texts, context: _coarsened(texts, context, steps)


def _coarsened(texts: Sequence[str], context: OperatorContext, steps: Steps) -> list[str]:
    coarser = _BY_KIND.get(kind_of(context.entity, context.category), _nothing)
    placeholder = f"<{context.entity or 'SUPPRESSED'}>"
    return [
        coarser(text if text.isascii() else canonical(text).text, steps) or placeholder
        for text in map(str.strip, texts)
    ]


def month(text: str) -> str:
    """1990-01-31 to 1990-01."""
    found = _MONTH.search(text)
    return f"{found[1] or found[3]}-{int(found[2] or found[4]):02}" if found else ""


def quarter(text: str) -> str:
    """1990-01-31 to 1990-Q1."""
    of = month(text)
    return f"{of[:4]}-Q{(int(of[5:]) + 2) // 3}" if of else ""


def year(text: str) -> str:
    """1990-01-31 to 1990."""
    found = _YEAR.search(text)
    return found[0] if found else ""


def decade(text: str) -> str:
    """1990-01-31 to 1990s."""
    return of[:3] + "0s" if (of := year(text)) else ""


def _time(text: str, steps: Steps) -> str:
    return _date(text, steps.on(_DATES, "month"))


def _birth(text: str, steps: Steps) -> str:
    return _date(text, steps.on(_DATES, "year"))


def _date(text: str, step: str) -> str:
    return _BY_STEP[step](text) if step else ""


def age_band(text: str, width: int | None = None) -> str:
    """37 to 30-39; from 90 on 90+."""
    if not _AGE.fullmatch(text):
        return ""
    width = width or _AGE_BAND
    low = int(text) // width * width
    oldest = _OLDEST // width * width
    return f"{oldest}+" if low >= oldest else f"{low}-{low + width - 1}"


def city(text: str) -> str:
    """江苏省常州市天宁区东晓街道 to 江苏省常州市, 320402 to 320400.

    The last comma-separated part elsewhere.
    """
    if CODE.fullmatch(text):
        return text[:4] + "00"
    division = division_of(text)
    if division is not None and division.city_end:
        return text[: division.city_end]
    found = _PLACE.match(text)
    return found[0] if found is not None and found[0] else _last_part(text)


def province(text: str) -> str:
    """深圳市南山区 to 广东省, 320402 to 320000; the last comma-separated part elsewhere."""
    if CODE.fullmatch(text):
        return text[:2] + "0000"
    division = division_of(text)
    if division is not None:
        return division.province
    return "" if _IDEOGRAPH.search(text) else _last_part(text)


def country(text: str) -> str:
    """A Chinese address or code to 中国; the last comma-separated part elsewhere."""
    return _CHINA if CODE.fullmatch(text) or division_of(text) else _last_part(text)


def _last_part(text: str) -> str:
    _, comma, last = text.rpartition(",")
    return last.strip() if comma and not any(map(str.isdigit, last)) else ""


def _place(text: str, steps: Steps) -> str:
    step = steps.on(_PLACES, "city")
    return _BY_STEP[step](text) if step else ""


def network(text: str, prefix: int = PLAIN.prefix) -> str:
    """203.0.113.7 to 203.0.113.0/24, 2001:db8::1 to 2001:db8::/48."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    bits = prefix if address.version == 4 else 2 * prefix
    return str(ipaddress.ip_network((address, bits), strict=False))


def magnitude(text: str, width: int | None = None) -> str:
    """18732.0 to 10000-19999: all numbers with as many digits and the same first one.

    With a `width` wider than that, the band of so many numbers.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return ""
    unit = max(10 ** (len(found[2]) - 1), width or 1)
    low = int(found[2]) // unit * unit
    band = f"{low}-{low + unit - 1}" if unit > 1 else str(low)
    return f"-({band})" if found[1] else band


def area(text: str, precision: int = PLAIN.precision) -> str:
    """31.23041,121.47370 to 31.2,121.5: a tenth of a degree; four characters of a geohash."""
    if _GEOHASH.fullmatch(text) and not text.isdecimal():
        return text[:precision]
    if not _POSITION.search(text):
        return ""
    decimals = precision - 3  # a character of a geohash is about a decimal
    return _POSITION.sub(lambda found: f"{round(Decimal(found[0]), decimals):f}", text)


def _nothing(text: str, steps: Steps) -> str:
    del text, steps
    return ""


_BY_STEP: Final[Mapping[str, Callable[[str], str]]] = {
    "month": month,
    "quarter": quarter,
    "year": year,
    "decade": decade,
    "city": city,
    "province": province,
    "country": country,
}
_BY_KIND: Final[Mapping[Kind, _Coarser]] = {
    Kind.TIME: _time,
    Kind.BIRTH: _birth,
    Kind.AGE: lambda text, steps: age_band(text, steps.width),
    Kind.ADDRESS: _place,
    Kind.NETWORK: lambda text, steps: network(text, steps.prefix),
    Kind.NUMBER: lambda text, steps: magnitude(text, steps.width),
    Kind.POSITION: lambda text, steps: area(text, steps.precision),
}
