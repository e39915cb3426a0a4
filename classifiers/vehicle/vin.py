"""Vehicle identification number (ISO 3779).

Seventeen characters without I, O, Q; the ninth checks (weights, modulo 11, ten is X) in China and
North America.

It names a vehicle, and through the register its holder.

>>> verify("1M8GDM9AXKP042788")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, word

_VALUES: Final = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True)
)
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def verify(text: str) -> Verdict:
    """Whether the ninth character holds; seventeen digits are no VIN."""
    number = text.upper()
    if number.isdigit():
        return Verdict.REFUTED
    values = [int(char) if char.isdigit() else _VALUES[char] for char in number]
    check = sum(map(int.__mul__, values, _WEIGHTS)) % 11
    return checked(number[8] == ("X" if check == 10 else str(check)))


DETECTOR: Final = Detector(
    name="vehicle.vin",
    category="pi_property",
    entity="VIN",
    patterns=(
        Pattern("17 characters", word("[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{4}[0-9]{4}"), 0.3),
    ),
    verify=verify,
    strong=True,
    context=(
        "vin",
        "车架号",
        "车辆识别",
        "发动机号",
        "chassis",
        "frame number",
        "車台番号",
        "차대번호",
    ),
    fields=("plate",),
)
