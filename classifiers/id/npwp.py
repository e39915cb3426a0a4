"""Taxpayer number of Indonesia (NPWP).

Fifteen digits, Luhn on the first nine; sixteen since 2024 (the NIK, or 0 before the old number).

>>> verify("01.312.166.0-091.000")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.id import npwp

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the Luhn check of the first nine digits holds."""
    digits = compact(text)
    return checked(npwp.is_valid(digits[1:] if len(digits) == 16 else digits))


DETECTOR: Final = Detector(
    name="id.npwp",
    category="pi_gov_id",
    entity="ID_NPWP",
    patterns=(
        Pattern(
            "15 digits",
            numeric(
                rf"[0-9]{{2}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{GAP}[0-9]{{3}}{GAP}[0-"
                rf"9]{{3}}"
            ),
            0.2,
        ),
        Pattern("16 digits", numeric("0[0-9]{15}"), 0.1),
    ),
    verify=verify,
    context=(
        "npwp",
        "nomor pokok wajib pajak",
        "wajib pajak",
        "no npwp",
        "tax id",
        "tax number",
    ),
    fields=("gov_id",),
)
