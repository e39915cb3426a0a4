"""Individual identification number of Kazakhstan.

Birth date, century and sex 1-6, four digits, weighted check modulo 11.

>>> verify("900101300017")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import ONE_TO_SIX, birth
from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, is_short_date, numeric


def verify(text: str) -> Verdict:
    """Whether the check holds, with the second row of weights where the first gives 10."""
    if not is_short_date(text[:6]):
        return Verdict.REFUTED
    check = weighted(text[:11], range(1, 12)) % 11
    if check == 10:
        check = weighted(text[:11], (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return checked(check == int(text[11]))


DETECTOR: Final = Detector(
    name="kz.iin",
    category="pi_gov_id",
    entity="KZ_IIN",
    patterns=(Pattern("12 digits", numeric("[0-9]{2}[01][0-9][0-3][0-9][0-6][0-9]{5}"), 0.2),),
    verify=verify,
    born=birth("YYMMDD", century=(6, ONE_TO_SIX)),
    context=(
        "иин",
        "жсн",
        "iin",
        "individual identification",
        "жеке сәйкестендіру",
        "индивидуальный идентификационный",
        "kazakhstan iin",
    ),
    fields=("gov_id",),
)
