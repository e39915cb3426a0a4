"""Personal and tax identification number of Thailand.

Thirteen digits, weights 13 to 2, check modulo 11.

Written 1-2345-67890-12-3. A tenth of all millisecond timestamps pass the check, so bare digits
need support.

>>> verify("3-1006-00445-63-5")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("3100600445635")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("0-99-4-000-61772-1")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.th import pin, tin

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digit holds."""
    holds = tin.is_valid(compact(text)) or pin.is_valid(compact(text))
    return checked(holds)


DETECTOR: Final = Detector(
    name="th.pin",
    category="pi_gov_id",
    entity="TH_PIN",
    patterns=(
        Pattern("dashed", numeric("[0-9][ -][0-9]{4}[ -][0-9]{5}[ -][0-9]{2}[ -][0-9]"), 0.6),
        Pattern("joined", numeric("[0-9]{13}"), 0.1),
        Pattern("organisation", numeric("0-[0-9]{2}-[0-9]-[0-9]{3}-[0-9]{5}-[0-9]"), 0.5),
    ),
    verify=verify,
    strong=True,
    context=(
        "เลขประจำตัวประชาชน",
        "บัตรประชาชน",
        "เลขบัตรประชาชน",
        "เลขบัตร",
        "เลขประจำตัว",
        "ประจำตัวผู้เสียภาษี",
        "เลขผู้เสียภาษี",
        "thai id",
        "national id",
        "citizen id",
        "tnin",
        "id card",
        "tax id",
        "personal identification",
        "moa",
        "เลขทะเบียนนิติบุคคล",
    ),
    fields=("gov_id",),
)
