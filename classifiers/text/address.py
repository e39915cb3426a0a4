"""Whether a place's name is somebody's address: it reaches down to a house or a door."""

from __future__ import annotations

import re
from typing import Final

from classifiers.text.language import has_dense

_SHORTEST: Final = 5  # characters
_DENSE: Final = re.compile(
    "[0-9０-９]|[一二三四五六七八九十]+[号號栋棟幢楼樓室层層]"
    "|小区|小區|公寓|大厦|大廈|花园|花園|宿舍|驿站|丁目|番地|번지"
)
_STREET: Final = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square|way|close"
    r"|crescent|highway|terrace|block|blk|unit|apt|apartment|suite|floor|po box|jalan|jl|jln|lorong"
    r"|gang|gg|kampung|taman|kelurahan|kecamatan|kel|kec|rt|rw|barangay|brgy|purok|subd|mtaa|barabara"
    r"|rue|quai|chemin|impasse|rua|avenida|av|travessa|praça|calle|carrera|straße|strasse|via"
    r"|đường|phố|ngõ|hẻm|phường|quận|huyện|thôn|khu|số|tổ|duong|phuong|quan)\b",
    re.IGNORECASE,
)
_POSTCODE: Final = re.compile(
    r"(?<![0-9])[0-9]{5,6}(?![0-9])|\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b"
)
_DIGIT: Final = re.compile("[0-9]")


def is_address(place: str) -> bool:
    """Of an alphabet's places, those with a number and a street or a postal code.

    >>> is_address("上海市世纪大道100号"), is_address("12 Baker Street"), is_address("Route 66")
    (True, True, False)
    """
    if len(place) < _SHORTEST:
        return False
    if has_dense(place):
        return _DENSE.search(place) is not None
    if not _DIGIT.search(place):
        return False
    return bool(_STREET.search(place) or _POSTCODE.search(place))
