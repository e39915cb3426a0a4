"""Private key in PEM (RFC 7468), OpenSSH or PGP armour: its first line is enough.

>>> verify("-----BEGIN RSA PRIVATE KEY-----")
<Verdict.LIKELY: 'likely'>
>>> verify("-----BEGIN PGP PRIVATE KEY BLOCK-----")
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
    name="secret.private_key",
    category="spi_credential",
    entity="PRIVATE_KEY",
    patterns=(
        Pattern(
            "armour",
            (
                r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----"
                r"(?:[A-Z0-9+/=\s:,-]{0,4000}-----END (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY"
                r"(?: BLOCK)?-----)?"
            ),
            0.9,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "private key",
        "私钥",
    ),
    fields=("credential",),
)
