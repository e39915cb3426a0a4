"""Round, shift and noise: numbers and dates that are near the truth.

Round keeps two significant digits. Shift moves a person's dates all by the same secret number of
days, so that intervals stay. Noise is drawn from a Laplace distribution; see `noise` for what it
promises. None is reversible without the key; all are grade 2: a rare value can still single out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from classifiers.canonical import canonical
from gateway.operators.identity import keyed
from gateway.operators.model import OperatorContext

SIGNIFICANT_DIGITS: Final = 2
MAX_SHIFT_DAYS: Final = 182
EPSILON: Final = 1.0
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_DATE: Final = re.compile(
    r"(?<![0-9])((?:18|19|20)[0-9]{2})([-/.年]?)(0[1-9]|1[0-2]|[1-9])([-/.月]?)"
    r"(0[1-9]|[12][0-9]|3[01]|[1-9])(?![0-9])"
)


def round_off(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each number to two significant digits: 18732.50 to 19000; `<ENTITY>` for anything else."""
    return [_rounded(canonical(text).text.strip()) or _placeholder(context) for text in texts]


def _rounded(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        return ""
    number = Decimal(text)
    if not number:
        return "0"
    decimals = min(SIGNIFICANT_DIGITS - 1 - number.adjusted(), _decimals(number))
    return f"{round(number, decimals):f}"


def _decimals(number: Decimal) -> int:
    return max(-int(number.as_tuple().exponent), 0)


def shift(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each date in a text moved by the person's own number of days, in the form it had.

    The number is 1 to 182 either way, from the key, the recipient and `context.subject`. A text
    with no date or of no person, or where the calendar ends, becomes `<ENTITY>`.
    """
    if not context.subject:
        return [_placeholder(context)] * len(texts)
    digest = keyed(context.keys.derive("surrogate", f"shift/{context.recipient}"))
    secret = int.from_bytes(digest(context.subject)[:8], "big")
    days = secret // 2 % MAX_SHIFT_DAYS + 1
    delta = timedelta(days=days if secret % 2 else -days)
    return [_shifted(canonical(text).text, delta) or _placeholder(context) for text in texts]


def _shifted(text: str, delta: timedelta) -> str:
    def moved(found: re.Match[str]) -> str:
        then = date(int(found[1]), int(found[3]), int(found[5])) + delta
        wide = 2 if _padded(found) else 1
        return f"{then.year:04}{found[2]}{then.month:0{wide}}{found[4]}{then.day:0{wide}}"

    try:
        out, count = _DATE.subn(moved, text)
    except (ValueError, OverflowError):
        return ""
    return out if count else ""


def _padded(found: re.Match[str]) -> bool:
    """Whether month and day have leading zeros, as far as this date can tell."""
    if found[2] == "年":
        return "0" in (found[3][0], found[5][0])
    return len(found[3]) == len(found[5]) == 2


def noise(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each number plus Laplace noise, with as many decimals as it had; `<ENTITY>` otherwise.

    The scale is the order of magnitude of the number over `EPSILON`, so a number is
    1-differentially private among those of its order (Dwork et al. 2006); the order itself shows.
    """
    return [
        _noisy(canonical(text).text.strip(), context) or _placeholder(context) for text in texts
    ]


def _noisy(text: str, context: OperatorContext) -> str:
    if not _NUMBER.fullmatch(text):
        return ""
    number = Decimal(text)
    scale = Decimal(10) ** (number.adjusted() + 1 if number else 0) / Decimal(EPSILON)
    return f"{round(number + scale * Decimal(_laplace(context)), _decimals(number)):f}"


def _laplace(context: OperatorContext) -> float:
    """A standard Laplace variate, by inversion of a uniform one."""
    uniform = (int.from_bytes(context.random(7), "big") + 0.5) / 2**56 - 0.5
    return -math.copysign(math.log1p(-2 * abs(uniform)), uniform)


def _placeholder(context: OperatorContext) -> str:
    return f"<{context.entity or 'SUPPRESSED'}>"
