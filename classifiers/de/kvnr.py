"""Health insurance number of Germany (SGB V § 290): a letter, eight digits, check.

The letter counts as its place in the alphabet, two digits; weights 1 and 2, cross sums, modulo 10.

>>> verify("A000500015")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("A000500016")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    spelled = f"{ord(number[0]) - ord('A') + 1:02d}{number[1:9]}"
    products = ((ord(char) - 48) * (1 + place % 2) for place, char in enumerate(spelled))
    return checked(
        sum(divmod(product, 10)[0] + product % 10 for product in products) % 10 == int(number[9])
    )


DETECTOR: Final = Detector(
    name="de.kvnr",
    category="spi_health",
    entity="DE_HEALTH_INSURANCE",
    patterns=(Pattern("10 characters", word("[A-Z][0-9]{9}"), 0.2),),
    verify=verify,
    context=(
        "krankenversichertennummer",
        "versichertennummer",
        "kvnr",
        "krankenversicherung",
        "krankenversicherungsnummer",
        "krankenkasse",
        "versicherten-nr",
        "german health insurance",
        "health insurance",
    ),
    fields=("gov_id",),
)
