"""Nomor Induk Kependudukan of Indonesia.

KTP; six digits of district, birth date DDMMYY with 40 added to the day for women, four of order.
There is no check digit; the date and the province are.

>>> verify("3171011708450001")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("3171015108450001")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.id import nik

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nik.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="id.nik",
    category="pi_gov_id",
    entity="ID_NIK",
    patterns=(
        Pattern(
            "16 digits",
            numeric(rf"[1-9][0-9]{{3}}{GAP}[0-9]{{2}}[0-7][0-9]{GAP}[01][0-9]{{3}}{GAP}[0-9]{{4}}"),
            0.2,
        ),
    ),
    verify=verify,
    born=birth("DDMMYY", 6, days=(0, 40)),
    context=(
        "nik",
        "no ktp",
        "nomor ktp",
        "ktp",
        "nomor induk kependudukan",
        "e-ktp",
        "kartu tanda penduduk",
        "no nik",
        "identitas",
    ),
    fields=("gov_id",),
)
