"""Health insurance membership of Indonesia.

BPJS Kesehatan; thirteen digits beginning with 000. No published check.

>>> verify("0001234567890")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="id.bpjs",
    category="spi_health",
    entity="ID_BPJS",
    patterns=(
        Pattern("13 digits", numeric("000[0-9]{10}"), 0.2),
        Pattern("employment", numeric("[0-9]{11}"), 0.05),
    ),
    verify=verify,
    context=(
        "bpjs",
        "no bpjs",
        "bpjs kesehatan",
        "bpjs ketenagakerjaan",
        "jkn",
        "kis",
    ),
    fields=(
        "gov_id",
        "health",
    ),
)
