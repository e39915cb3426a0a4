"""Password hashes in modular crypt form.

Bcrypt, scrypt, yescrypt, Argon2, PBKDF2, SHA-crypt, MD5-crypt.

>>> verify("$2a$10$NZ5o7r2E.ayT2ZoxgjlI.eJ6OEYqjH7INR/F.mXDbjZJi9HF0YCVG")
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
    name="secret.password_hash",
    category="spi_credential",
    entity="PASSWORD_HASH",
    patterns=(
        Pattern(
            "crypt",
            (
                r"[$](?:2[abxy]?[$][0-9]{2}[$][./0-9A-Z]{53}|argon2(?:id|i|d)[$][-,$=./+0-9"
                r"A-Z]{20,200}|[156y][$][-,$=./0-9A-Z]{10,150}|pbkdf2[-0-9A-Z]{0,12}[$][$./"
                r"+=0-9A-Z]{20,200}|scrypt[$][,$=./+0-9A-Z]{20,200})"
            ),
            0.9,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "password",
        "hash",
        "密码",
        "pwd",
        "bcrypt",
    ),
    fields=("credential",),
)
