"""Tax number of France (numéro fiscal, SPI): 13 digits, the last three a check modulo 511.

>>> verify("30 23 217 600 053")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.fr import nif

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nif.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="fr.nif",
    category="pi_gov_id",
    entity="FR_NIF",
    patterns=(
        Pattern("13 digits", numeric("[0-3][0-9] ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}"), 0.2),
    ),
    verify=verify,
    context=(
        "numéro fiscal",
        "numero fiscal",
        "identifiant fiscal",
        "nif",
        "spi",
        "référence fiscale",
        "french tax",
        "tax number",
        "tax id",
    ),
    fields=("gov_id",),
)
