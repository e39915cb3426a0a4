"""Citizen identity of Viet Nam (CCCD).

Province 001-096, sex and century, year, six digits; the old CMND has nine digits. No check.

>>> verify("001199012345")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("012345678")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="vn.cccd",
    category="pi_gov_id",
    entity="VN_CCCD",
    patterns=(
        Pattern(
            "12 digits", numeric(rf"0[0-9]{{2}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}"), 0.2
        ),
        Pattern("9 digits", numeric("[0-3][0-9]{8}"), 0.05),
    ),
    verify=verify,
    born=birth("YY", 4, century=(3, {"0": 1900, "1": 1900, "2": 2000, "3": 2000})),
    context=(
        "cccd",
        "căn cước",
        "căn cước công dân",
        "số căn cước",
        "cmnd",
        "chứng minh nhân dân",
        "chứng minh thư",
        "số cmnd",
        "can cuoc",
        "chung minh",
        "citizen id",
        "số định danh",
        "vietnamese id",
        "vietnam id",
        "vietnamese national id",
        "vietnam national id",
        "vietnam citizen",
    ),
    fields=("gov_id",),
)
