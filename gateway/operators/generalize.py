"""Generalize: the same fact, coarser.

Keeps the month of a time, the year of a birth, the ten-year band of an age, the city of an
address, the network of an IP address, the order of a number, eleven kilometres of a position.
Hides the rest; not reversible. Grade 2 or 3, depending on how many share the coarser value.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from classifiers.canonical import canonical
from gateway.operators.model import OperatorContext

_DATE: Final = re.compile(
    r"(?<![0-9])((?:18|19|20)[0-9]{2})(?:\D{0,2}(0[1-9]|1[0-2]|[1-9]))(?![0-9])|"
    r"(?<![0-9])((?:18|19|20)[0-9]{2})(0[1-9]|1[0-2])[0-3][0-9]"
)
_PLACE: Final = re.compile(
    r"(?:[^省市]{1,8}?(?:省|自治区|特别行政区))?(?:[^市县区路街]{1,10}?(?:自治州|地区|盟|市))?"
)
_GEOHASH: Final = re.compile(r"[0-9b-hjkmnp-z]{5,12}")
_POSITION: Final = re.compile(r"-?[0-9]{1,3}\.[0-9]+")
_NUMBER: Final = re.compile(r"(-?)0*([0-9]{1,30})(?:\.[0-9]*)?")
_AGE_BAND: Final = 10
_OLDEST: Final = 90  # one band from here on (top coding)
_V4_PREFIX: Final = 24
_V6_PREFIX: Final = 48


def generalize(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each text made coarser by what it is; `<ENTITY>` where there is nothing to keep."""
    coarser = _BY_ENTITY.get(context.entity, _nothing)
    placeholder = f"<{context.entity or 'SUPPRESSED'}>"
    return [coarser(canonical(text).text.strip()) or placeholder for text in texts]


def month(text: str) -> str:
    """1990-01-31 to 1990-01."""
    found = _DATE.search(text)
    return f"{found[1] or found[3]}-{int(found[2] or found[4]):02}" if found else ""


def year(text: str) -> str:
    """1990-01-31 to 1990."""
    found = re.search(r"(?<![0-9])(?:18|19|20)[0-9]{2}", text)
    return found[0] if found else ""


def age_band(text: str) -> str:
    """37 to 30-39; from 90 on 90+."""
    if not re.fullmatch(r"[0-9]{1,3}", text):
        return ""
    low = int(text) // _AGE_BAND * _AGE_BAND
    return f"{_OLDEST}+" if low >= _OLDEST else f"{low}-{low + _AGE_BAND - 1}"


def city(text: str) -> str:
    """江苏省常州市天宁区东晓街道 to 江苏省常州市; the last comma-separated part elsewhere."""
    found = _PLACE.match(text)
    if found is not None and found[0]:
        return found[0]
    _, comma, last = text.rpartition(",")
    return last.strip() if comma and not any(map(str.isdigit, last)) else ""


def network(text: str) -> str:
    """203.0.113.7 to 203.0.113.0/24, 2001:db8::1 to 2001:db8::/48."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    prefix = _V4_PREFIX if address.version == 4 else _V6_PREFIX
    return str(ipaddress.ip_network((address, prefix), strict=False))


def magnitude(text: str) -> str:
    """18732.0 to 10000-19999: all numbers with as many digits and the same first one."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return ""
    unit = 10 ** (len(found[2]) - 1)
    low = int(found[2][0]) * unit
    band = f"{low}-{low + unit - 1}" if unit > 1 else str(low)
    return f"-({band})" if found[1] else band


def area(text: str) -> str:
    """31.23041,121.47370 to 31.2,121.5: a tenth of a degree; four characters of a geohash."""
    if _GEOHASH.fullmatch(text):
        return text[:4]
    if not _POSITION.search(text):
        return ""
    return _POSITION.sub(lambda found: f"{round(Decimal(found[0]), 1)}", text)


def _nothing(text: str) -> str:
    del text
    return ""


_BY_ENTITY: Final[dict[str, Callable[[str], str]]] = {
    "DATE_TIME": month,
    "DATE_OF_BIRTH": year,
    "AGE": age_band,
    "LOCATION": city,
    "ADDRESS": city,
    "IP_ADDRESS": network,
    "AMOUNT": magnitude,
    "NUMBER": magnitude,
    "GPS_COORDINATES": area,
}
