"""A precise fix.

Latitude and longitude in decimal degrees with at least four decimals, or in degrees, minutes and
seconds.

>>> verify("39.904200,116.407400")
<Verdict.LIKELY: 'likely'>
>>> verify("39°54′15″N")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

import re
from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict


def verify(text: str) -> Verdict:
    """Whether both numbers lie on the globe, in either order."""
    if "°" in text:
        return Verdict.LIKELY
    one, two = (abs(float(part)) for part in re.split("[ ,;/]+", text))
    return Verdict.LIKELY if max(one, two) <= 180 and min(one, two) <= 90 else Verdict.REFUTED


DETECTOR: Final = Detector(
    name="geo.coordinates",
    category="spi_precise_location",
    entity="GPS_COORDINATES",
    patterns=(
        Pattern(
            "decimal",
            (
                r"(?<![0-9.])-?[0-9]{1,3}[.][0-9]{4,15}[ ,;/]{1,3}-?[0-9]{1,3}[.][0-9]{4,15}"
                r"(?![0-9.])"
            ),
            0.5,
        ),
        Pattern(
            "sexagesimal",
            (
                r"(?<![0-9.])[0-9]{1,3}°[ ]?[0-9]{1,2}[\u2032\u0027][ ]?[0-9]{1,2}"
                r"(?:[.][0-9]{1,6})?[\u2033\u0022]?[ ]?[NSEW北南东西東]?"
            ),
            0.6,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "经纬度",
        "坐标",
        "定位",
        "gps",
        "location",
        "latitude",
        "longitude",
        "lat",
        "lng",
        "位置",
        "coordinates",
        "坐標",
    ),
    fields=("location",),
)
