"""SIM card number (ITU-T E.118): 89, country, issuer, account, Luhn; nineteen or twenty digits.

>>> verify("8986012345678901238")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import luhn
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the Luhn check holds; twenty-digit numbers of some issuers have none."""
    digits = compact(text)
    return checked(luhn(digits) or luhn(digits[:19]))


DETECTOR: Final = Detector(
    name="device.iccid",
    category="pi_device",
    entity="ICCID",
    patterns=(
        Pattern(
            "19 or 20 digits",
            numeric(
                rf"89[0-9]{{2}}{GAP}[0-9]{{4}}{GAP}[0-9]{{4}}{GAP}[0-9]{{4}}{GAP}[0-9]{{3}}["
                rf"0-9]?"
            ),
            0.3,
        ),
    ),
    verify=verify,
    context=(
        "iccid",
        "sim卡",
        "sim card",
        "sim no",
        "sim number",
        "sim",
    ),
    fields=("device",),
)
