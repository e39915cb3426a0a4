"""Social security number of Spain: province, eight digits, check modulo 97.

>>> verify("281234567840")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("281234567841")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    serial = int(number[2:10])
    whole = int(number[:2]) * 10_000_000 + serial if serial < 10_000_000 else int(number[:10])
    return checked(whole % 97 == int(number[10:]))


DETECTOR: Final = Detector(
    name="es.social_security",
    category="pi_gov_id",
    entity="ES_SOCIAL_SECURITY",
    patterns=(Pattern("12 digits", numeric("[0-9]{2}[ /-]?[0-9]{8}[ /-]?[0-9]{2}"), 0.2),),
    verify=verify,
    context=(
        "seguridad social",
        "nuss",
        "naf",
        "número de afiliación",
        "nº de afiliación",
        "afiliación",
        "spanish social security",
    ),
    fields=("gov_id",),
)
