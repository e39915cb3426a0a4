"""JSON Web Token (RFC 7519) in compact form.

Header and payload are JSON objects, so both begin with eyJ in base64.

>>> verify("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict


def verify(_text: str) -> Verdict:
    """There is no check; the shape is rare enough to be likely."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="secret.jwt",
    category="spi_credential",
    entity="JWT",
    patterns=(
        Pattern(
            "compact",
            (
                r"(?<![0-9A-Z_-])eyJ[0-9A-Z_-]{8,2000}[.]eyJ[0-9A-Z_-]{8,4000}[.][0-9A-Z_-]"
                r"{0,1000}"
            ),
            0.9,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "jwt",
        "bearer",
        "token",
        "authorization",
        "令牌",
    ),
    fields=("credential",),
)
