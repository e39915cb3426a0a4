"""International mobile equipment identity.

3GPP TS 23.003; fourteen digits, Luhn; sixteen digits with a software version (IMEISV).

One random number in ten passes, so bare digits need support.

>>> verify("35-686800-004141-8")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("490154203237518")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import luhn
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric, word

# Reporting bodies (GSMA TS.06 annex): the first two digits of a type allocation code.
_BODIES: Final = frozenset("00 01 10 30 33 35 44 45 49 50 51 52 53 54 86 91 97 98 99".split())


def verify(text: str) -> Verdict:
    """Whether a body that allocates type codes stands first, and the Luhn check holds."""
    digits = compact(text)
    return checked(digits.isdigit() and digits[:2] in _BODIES and luhn(digits))


DETECTOR: Final = Detector(
    name="device.imei",
    category="pi_device",
    entity="IMEI",
    patterns=(
        Pattern("IMEI", numeric(rf"[0-9]{{2}}{GAP}[0-9]{{6}}{GAP}[0-9]{{6}}{GAP}[0-9]"), 0.2),
        Pattern("MEID", word("[A-F][0-9A-F]{13}"), 0.2),
    ),
    verify=verify,
    context=(
        "imei",
        "imei1",
        "imei2",
        "meid",
        "设备识别码",
        "移动设备识别码",
        "串号",
        "端末識別番号",
        "단말기",
    ),
    fields=("device",),
)
