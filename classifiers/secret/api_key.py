"""Keys of cloud and software services, by the prefix their maker gives them.

AWS AKIA/ASIA, Alibaba Cloud LTAI, Tencent Cloud AKID, GitHub gh?_, GitLab glpat-, Slack xox?-,
Google AIza, Stripe sk_/rk_, OpenAI and others sk-, SendGrid SG., npm npm_, PyPI pypi-, Twilio
SK/AC, Hugging Face hf_.

>>> verify("AKIAIOSFODNN7EXAMPLE")
<Verdict.LIKELY: 'likely'>
>>> verify("ghp_abcdefghijklmnopqrstuvwxyz0123456789")
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
    name="secret.api_key",
    category="spi_credential",
    entity="API_KEY",
    patterns=(
        Pattern(
            "prefixed",
            (
                r"(?<![0-9A-Z_-])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|LTAI[0-9A-Z]{12,20}"
                r"|AKID[0-9A-Z]{13,40}|gh[pousr]_[0-9A-Z]{36,80}|github_pat_[0-9A-Z_]{22,90}"
                r"|glpat-[0-9A-Z_-]{20,40}|xox[abprs]-[0-9A-Z-]{10,72}|AIza[0-9A-Z_-]{35}"
                r"|[sr]k_(?:live|test)_[0-9A-Z]{16,64}|sk-[0-9A-Z_-]{20,200}|SG[.][0-9A-Z_-"
                r"]{22}[.][0-9A-Z_-]{43}|npm_[0-9A-Z]{36}|pypi-[0-9A-Z_-]{50,250}"
                r"|hf_[0-9A-Z]{30,40})(?![0-9A-Z_-])"
            ),
            0.8,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "api key",
        "apikey",
        "secret",
        "token",
        "access key",
        "密钥",
        "access_key",
    ),
    fields=("credential",),
)
