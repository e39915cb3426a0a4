"""Tax number of Slovenia (davčna številka): eight digits, check modulo 11.

>>> verify("5022 3054")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.si import ddv

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(ddv.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="si.tax_number",
    category="pi_gov_id",
    entity="SI_TAX",
    patterns=(Pattern("8 digits", numeric("[1-9][0-9]{3} ?[0-9]{4}"), 0.05),),
    verify=verify,
    context=(
        "davčna številka",
        "davcna stevilka",
        "davčna št",
        "davčna",
        "slovenian tax",
        "tax number",
    ),
    fields=("gov_id",),
)
