"""IP address, version 4 and 6, in any textual form that RFC 4291 and RFC 5952 read.

Versions and outline numbers look like addresses too; the standard library's parser decides.
Private and loopback addresses count: which machine a person used is device information.

>>> verify("192.168.0.1"), verify("2001:db8::8a2e:370:7334"), verify("0:0:0:0:0:0:0:1")
(<Verdict.LIKELY: 'likely'>, <Verdict.LIKELY: 'likely'>, <Verdict.LIKELY: 'likely'>)
>>> verify("12:30:45")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

import ipaddress
from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict


def verify(text: str) -> Verdict:
    """Whether the standard library reads it as an address; a lone `a::` says little."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return Verdict.REFUTED
    return Verdict.LIKELY if any(char.isdigit() for char in text) else Verdict.UNKNOWN


_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_GROUP: Final = "[0-9A-F]{1,4}"
_GROUPS: Final = rf"(?:{_GROUP}(?::{_GROUP}){{0,6}})?"

DETECTOR: Final = Detector(
    name="net.ip_address",
    category="pi_device",
    entity="IP_ADDRESS",
    patterns=(
        Pattern("version 4", rf"(?<![0-9.]){_OCTET}(?:\.{_OCTET}){{3}}(?![0-9.])", 0.6),
        Pattern("version 6", rf"(?<![0-9A-Z:.])(?:{_GROUP}:){{7}}{_GROUP}(?![0-9A-Z:.])", 0.6),
        Pattern("compressed", rf"(?<![0-9A-Z:.]){_GROUPS}::{_GROUPS}(?![0-9A-Z:.])", 0.6),
        Pattern(
            "version 4 in 6",
            rf"(?<![0-9A-Z:.]){_GROUPS}:?:(?:{_GROUP}:){{0,5}}{_OCTET}(?:\.{_OCTET}){{3}}(?![0-9.])",
            0.6,
        ),
    ),
    verify=verify,
    strong=True,
    context=("ip", "登录", "login", "host", "client", "remote"),
    fields=("ip_address",),
)
