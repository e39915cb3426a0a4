"""User and password in a URL (RFC 3986 §3.2.1): `scheme://user:password@host`.

>>> verify("postgres://app:s3cret@db.example")
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
    name="secret.url_password",
    category="spi_credential",
    entity="URL_PASSWORD",
    patterns=(
        Pattern(
            "userinfo",
            (
                r"(?<![0-9A-Z])[A-Z][A-Z0-9+.-]{1,20}://[^\s/:@?#]{0,64}:[^\s/@?#]{1,128}@["
                r"A-Z0-9.-]{1,253}"
            ),
            0.8,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "url",
        "dsn",
        "connection",
        "jdbc",
        "连接",
    ),
)
