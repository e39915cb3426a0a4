"""Number plates of other countries, by shape, beside a word that says plate.

Singapore SGX1234A, Malaysia WXY1234, Hong Kong AB1234, Thailand กข1234, Viet Nam 30A-123.45,
Indonesia B1234XYZ, Korea 12가3456, Japan 品川300あ12-34, Australia and Africa in mixed groups.

>>> verify("SGX1234A")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("12가3456")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="vehicle.plate",
    category="pi_property",
    entity="LICENSE_PLATE",
    patterns=(
        Pattern("Latin", word("[A-Z]{1,3}[ -]?[0-9]{1,4}[ -]?[A-Z]{0,3}"), 0.1),
        Pattern("Viet Nam", word(r"[0-9]{2}[A-Z][0-9A-Z]?[ -]?[0-9]{3}\.?[0-9]{2}"), 0.3),
        Pattern("Korea", r"(?<![0-9])[0-9]{2,3}[가-힣] ?[0-9]{4}(?![0-9])", 0.5),
        Pattern(
            "Japan",
            (
                r"[\u4e00-\u9fff\u3041-\u3096]{1,4} ?[0-9]{2,3} ?[\u3041-\u3096] ?[0-9]{1,2}"
                r"-?[0-9]{2}(?![0-9])"
            ),
            0.5,
        ),
    ),
    verify=verify,
    context=(
        "plate",
        "license plate",
        "licence plate",
        "number plate",
        "plate no",
        "car plate",
        "vehicle no",
        "vehicle number",
        "reg no",
        "registration plate",
        "ナンバープレート",
        "車番",
        "번호판",
        "차량번호",
        "biển số",
        "bien so",
        "plat nomor",
        "no polisi",
        "nopol",
        "nombor pendaftaran",
        "ทะเบียนรถ",
        "车牌",
        "車牌",
    ),
    fields=("plate",),
)
