"""Round, top-code, shift and noise: numbers and dates that are near the truth.

Round keeps two significant digits (`digits=1`: one) and hides the others. Top coding keeps what
lies between `low` and `high` and hides how far beyond a number is. Shift moves a person's dates
all by the same secret number of days (up to `days`), so that intervals stay. Noise is drawn from a
Laplace distribution; see `noise` for what it promises with which `epsilon`. None is reversible
without the key; all are grade 2: a rare value can still single out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Final

from classifiers.canonical import canonical
from gateway.operators.identity import keyed
from gateway.operators.model import Apply, OperatorContext
from gateway.operators.parameters import BadParameter, Parameters

SIGNIFICANT_DIGITS: Final = 2
MAX_SHIFT_DAYS: Final = 182
EPSILON: Final = Decimal(1)
_RANDOM_BYTES: Final = 7
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_DATE: Final = re.compile(
    r"(?<![0-9])((?:18|19|20)[0-9]{2})([-/.年]?)(0[1-9]|1[0-2]|[1-9])([-/.月]?)"
    r"(0[1-9]|[12][0-9]|3[01]|[1-9])(?![0-9])"
)


def round_off(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each number to two significant digits: 18732.50 to 19000; `<ENTITY>` for anything else."""
    return _each(texts, context, lambda number: _rounded(number, SIGNIFICANT_DIGITS))


def rounding(parameters: Parameters) -> Apply:
    """`round_off` to `digits`. Raises `BadParameter`."""
    digits = parameters.whole("digits", 1, SIGNIFICANT_DIGITS) or SIGNIFICANT_DIGITS
    return lambda texts, context: _each(texts, context, lambda number: _rounded(number, digits))


def _each(
    texts: Sequence[str], context: OperatorContext, change: Callable[[Decimal], str]
) -> list[str]:
    """`change` for each number, `<ENTITY>` for anything else."""
    placeholder = _placeholder(context)
    plain = (canonical(text).text.strip() for text in texts)
    return [change(Decimal(text)) if _NUMBER.fullmatch(text) else placeholder for text in plain]


def _rounded(number: Decimal, digits: int) -> str:
    if not number:
        return "0"
    decimals = min(digits - 1 - number.adjusted(), _decimals(number))
    return f"{round(number, decimals):f}"


def no_limits(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Top coding that names no limit keeps nothing."""
    return [_placeholder(context)] * len(texts)


def top_coding(parameters: Parameters) -> Apply:
    """Each number, but `low` for a lower and `high` for a higher one. Raises `BadParameter`."""
    low, high = parameters.number("low"), parameters.number("high")
    if low is not None and high is not None and low > high:
        raise BadParameter("low is above high")

    def coded(number: Decimal) -> str:
        if low is not None and number < low:
            return f"{low:f}"
        return f"{high:f}" if high is not None and number > high else f"{number:f}"

    return lambda texts, context: _each(texts, context, coded)


def _decimals(number: Decimal) -> int:
    return max(-int(number.as_tuple().exponent), 0)


def shift(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each date in a text moved by the person's own number of days, in the form it had.

    The number is 1 to 182 either way, from the key, the recipient and `context.subject`. A text
    with no date or of no person, or where the calendar ends, becomes `<ENTITY>`.
    """
    return _moved(texts, context, MAX_SHIFT_DAYS)


def shifting(parameters: Parameters) -> Apply:
    """`shift` by up to `days`. Raises `BadParameter`."""
    days = parameters.whole("days", MAX_SHIFT_DAYS, 10 * 365) or MAX_SHIFT_DAYS
    return lambda texts, context: _moved(texts, context, days)


def _moved(texts: Sequence[str], context: OperatorContext, most: int) -> list[str]:
    if not context.subject:
        return [_placeholder(context)] * len(texts)
    digest = keyed(context.keys.derive("surrogate", f"shift/{context.recipient}"))
    secret = int.from_bytes(digest(context.subject)[:8], "big")
    days = secret // 2 % most + 1
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
    return _noisy(texts, context, EPSILON, None)


def noising(parameters: Parameters) -> Apply:
    """`noise` with another `epsilon`, of at most 1, and with the numbers' limits.

    With `low` and `high` a number is drawn into them first and the scale is their distance over
    epsilon: epsilon-differential privacy among all numbers. Raises `BadParameter`.
    """
    epsilon = parameters.number("epsilon")
    low, high = parameters.number("low"), parameters.number("high")
    if epsilon is None:
        epsilon = EPSILON
    if not Decimal("0.001") <= epsilon <= EPSILON:
        raise BadParameter(f"epsilon must be from 0.001 to {EPSILON}")
    if (low is None) != (high is None) or (low is not None and high is not None and low >= high):
        raise BadParameter("low and high go together, low below high")
    limits = None if low is None or high is None else (low, high)
    return lambda texts, context: _noisy(texts, context, epsilon, limits)


def _noisy(
    texts: Sequence[str],
    context: OperatorContext,
    epsilon: Decimal,
    limits: tuple[Decimal, Decimal] | None,
) -> list[str]:
    random = context.random(_RANDOM_BYTES * len(texts))
    draws = (_laplace(random[at : at + _RANDOM_BYTES]) for at in count(0, _RANDOM_BYTES))

    def noisy(number: Decimal) -> str:
        if limits is None:
            true, scale = number, Decimal(10) ** (number.adjusted() + 1 if number else 0)
        else:
            true, scale = min(max(number, limits[0]), limits[1]), limits[1] - limits[0]
        return f"{round(true + scale / epsilon * Decimal(next(draws)), _decimals(number)):f}"

    return _each(texts, context, noisy)


def _laplace(random: bytes) -> float:
    """A standard Laplace variate, by inversion of a uniform one."""
    uniform = ((int.from_bytes(random, "big") >> 4) + 0.5) / 2**52 - 0.5  # exact, never a half
    return -math.copysign(math.log1p(-2 * abs(uniform)), uniform)


def _placeholder(context: OperatorContext) -> str:
    return f"<{context.entity or 'SUPPRESSED'}>"
