"""RFC, tax number of a person in Mexico: four letters, birth date, three characters.

>>> verify("GODE561231GR8")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.mx import rfc

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether date and check digit hold."""
    return checked(rfc.is_valid(compact(text), validate_check_digits=True))


DETECTOR: Final = Detector(
    name="mx.rfc",
    category="pi_gov_id",
    entity="MX_RFC",
    patterns=(
        Pattern(
            "13 characters", word("[A-ZÑ&]{4}-?[0-9]{2}[01][0-9][0-3][0-9]-?[0-9A-Z]{2}[0-9A]"), 0.3
        ),
    ),
    verify=verify,
    born=birth("YYMMDD", 4),
    context=(
        "rfc",
        "registro federal",
        "contribuyentes",
        "mexican tax",
    ),
    fields=("gov_id",),
)
