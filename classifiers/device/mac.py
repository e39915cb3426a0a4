"""MAC address (IEEE 802): six pairs of hex digits, with colons, dashes, or in three dotted groups.

>>> verify("00:1A:2B:3C:4D:5E")
<Verdict.LIKELY: 'likely'>
>>> verify("AC-DE-48-00-11-22")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact


def verify(text: str) -> Verdict:
    """The shape is rare; nothing but zeros or ones is no machine, digits alone say little."""
    digits = set(compact(text))
    if len(digits) == 1:
        return Verdict.REFUTED
    return Verdict.LIKELY if ":" in text or not text[:2].isdigit() else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="device.mac",
    category="pi_device",
    entity="MAC_ADDRESS",
    patterns=(
        Pattern("colons", r"(?<![0-9A-Z:])(?:[0-9A-F]{2}:){5}[0-9A-F]{2}(?![0-9A-Z:])", 0.6),
        Pattern("dashes", r"(?<![0-9A-Z-])(?:[0-9A-F]{2}-){5}[0-9A-F]{2}(?![0-9A-Z-])", 0.5),
        Pattern(
            "dotted", (r"(?<![0-9A-Z.])[0-9A-F]{4}[.][0-9A-F]{4}[.][0-9A-F]{4}(?![0-9A-Z.])"), 0.4
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "mac",
        "mac地址",
        "物理地址",
        "wifi",
        "bssid",
        "hwaddr",
        "mac address",
        "ethernet",
        "bluetooth",
    ),
    fields=("device",),
)
