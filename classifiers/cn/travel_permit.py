"""Exit-entry permits between the mainland, Hong Kong, Macao and Taiwan.

Home return permit of Hong Kong (H) and Macao (M) residents: letter and eight or ten digits.
Permit of mainland residents to Hong Kong and Macao: C or W and eight, or C, a letter and seven;
to Taiwan: T or L and eight digits. Permit of Taiwan residents: eight or ten digits. No check.

>>> verify("H12345678")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("C12345678")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("M1234567801")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric, word


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="cn.travel_permit",
    category="pi_gov_id",
    entity="CN_TRAVEL_PERMIT",
    patterns=(
        Pattern("letter", word("(?:[HM][0-9]{8}(?:[0-9]{2})?|[CWTL][0-9]{8}|C[A-Z][0-9]{7})"), 0.2),
        Pattern("Taiwan", numeric("[0-9]{8}(?:[0-9]{2})?"), 0.05),
    ),
    verify=verify,
    context=(
        "通行证",
        "通行證",
        "回乡证",
        "回鄉證",
        "台胞证",
        "台胞證",
        "港澳证",
        "permit to",
        "home return permit",
        "mainland travel permit",
        "txz",
        "exit-entry permit",
        "exit entry permit",
        "compatriot permit",
        "taiwan compatriot",
        "mainland permit",
        "to the mainland",
    ),
)
