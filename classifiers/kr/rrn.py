"""Resident and foreigner registration number of Korea (주민등록번호, 외국인등록번호).

Birth date, a digit for sex and century, six more. Numbers issued before October 2020 end in a
check modulo 11; newer ones are random, so a failed check refutes nothing. With its dash and a
real date the shape is rare; thirteen bare digits need support.

>>> verify("971013-9019902")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("010203-3123456")
<Verdict.LIKELY: 'likely'>
>>> verify("9710139019902")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.kr import rrn

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, is_short_date, numeric

# Sex and century: 1-4 of Koreans, 5-8 of foreigners, 9 and 0 of the nineteenth century.
_CENTURY: Final = {
    "1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000, "8": 2000,
    "9": 1800, "0": 1800,
}  # fmt: skip


def verify(text: str) -> Verdict:
    """Date and dash make it likely, the old check digit confirms; bare digits say little."""
    digits = compact(text)
    if not is_short_date(digits[:6]):
        return Verdict.REFUTED
    if len(text) == len(digits):
        return Verdict.UNKNOWN
    return Verdict.CONFIRMED if rrn.is_valid(digits) else Verdict.LIKELY


DETECTOR: Final = Detector(
    name="kr.rrn",
    category="pi_gov_id",
    entity="KR_RRN",
    patterns=(
        Pattern(
            "dashed",
            numeric(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]) ?[-–] ?[0-9]{7}"),
            0.6,
        ),
        Pattern(
            "joined", numeric(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{7}"), 0.2
        ),
    ),
    verify=verify,
    born=birth("YYMMDD", century=(6, _CENTURY)),
    strong=True,
    context=(
        "주민등록번호",
        "주민번호",
        "외국인등록번호",
        "등록번호",
        "resident registration",
        "rrn",
        "frn",
        "jumin",
        "alien registration",
        "foreigner registration",
    ),
    fields=("gov_id",),
)
