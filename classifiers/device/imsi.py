"""International mobile subscriber identity.

ITU-T E.212; country 2xx-7xx, network, subscriber; fifteen digits. No check.

>>> verify("460001234567890")
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
    name="device.imsi",
    category="pi_device",
    entity="IMSI",
    patterns=(Pattern("15 digits", numeric("[2-7][0-9]{14}"), 0.1),),
    verify=verify,
    context=(
        "imsi",
        "用户识别码",
        "移动用户识别码",
        "subscriber identity",
    ),
    fields=("device",),
)
