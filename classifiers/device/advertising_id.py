"""Advertising and device identifiers that are UUIDs.

IDFA, IDFV, GAID, OAID of most makers; or sixty-four hex digits (OAID of some), and Android ids.

A UUID alone may name anything, so it needs support.

>>> verify("1E2DFA89-496A-47FD-9941-DF1FC4E6484A")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("d41d8cd98f00b204")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="device.advertising_id",
    category="pi_device",
    entity="ADVERTISING_ID",
    patterns=(
        Pattern("UUID", word("[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}"), 0.2),
        Pattern("hex", word("(?:[0-9A-F]{64}|[0-9A-F]{32}|[0-9A-F]{16})"), 0.1),
    ),
    verify=verify,
    context=(
        "oaid",
        "idfa",
        "idfv",
        "gaid",
        "aaid",
        "advertising id",
        "android id",
        "广告标识",
        "广告id",
        "设备标识",
        "设备id",
        "device id",
        "deviceid",
        "vaid",
        "caid",
        "udid",
    ),
    fields=("device",),
)
