"""A password, key or code written after a word that says so.

`password: s3cret!`, `密码：abc123`, `验证码 482913`.

The span takes in the word, so that what stands for the secret cannot be read off it.

>>> verify("password: s3cret!")
<Verdict.LIKELY: 'likely'>
>>> verify("验证码：482913")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict

_WORDS: Final = (
    "password|passwd|pwd|passcode|api[_-]?key|secret|access[_-]?token|auth[_-]?token|密码|口令|密碼"
    "|パスワード|비밀번호|mật khẩu|รหัสผ่าน|kata sandi|kata laluan"
)
_CODES: Final = "验证码|校验码|動態密碼|verification code|otp|認証コード|인증번호|mã otp|รหัส otp"


def verify(_text: str) -> Verdict:
    """There is no check; the shape is rare enough to be likely."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="secret.labelled",
    category="spi_credential",
    entity="PASSWORD",
    patterns=(
        Pattern(
            "pair",
            (rf"(?:{_WORDS})[\"\u0027 ]{{0,2}}[:=：＝是为][\"\u0027 ]{{0,2}}[!-~]{{4,64}}"),
            0.6,
        ),
        Pattern("code", (rf"(?:{_CODES})(?: is|是|为|：|:| ) {{0,2}}[0-9]{{4,8}}(?![0-9])"), 0.6),
    ),
    verify=verify,
    strong=True,
    context=(
        "password",
        "密码",
    ),
)
