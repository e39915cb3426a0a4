"""Text as a detector should see it: NFKC, no invisible characters, ASCII digits.

Detectors look at cells twice, as they stand and in this form, so that fullwidth digits and a
number laced with zero-width spaces are found too. What leaves is never the canonical form: its
spans map back to the code points of the original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_ORDINARY: Final = re.compile(
    r"[\x00-\x7f\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff、。，：；！？（）「」《》“”‘’…—]*"
)
_DASHES: Final = frozenset("‐‑‒–—―−﹣－ー")
_MIDDLE_DOTS: Final = frozenset("·•・‧∙⋅")


@dataclass(frozen=True, slots=True)
class Canonical:
    """Canonical `text`. `origins[i]` is the original code point that character `i` came from."""

    text: str
    origins: tuple[int, ...] | None  # None where nothing moved

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original half-open span of a half-open span of `text`."""
        if self.origins is None or start >= end:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def canonical(text: str) -> Canonical:
    """The canonical form; for ASCII and plain Chinese text the text itself, at no cost."""
    if text.isascii() or _ORDINARY.fullmatch(text):
        return Canonical(text, None)
    folded = [_fold(char) for char in text]
    if all(len(piece) == 1 for piece in folded):
        return Canonical("".join(folded), None)
    origins = tuple(index for index, piece in enumerate(folded) for _ in piece)
    return Canonical("".join(folded), origins)


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """One code point in canonical form; the empty string for an invisible one."""
    if char.isascii():
        return char
    if char in _DASHES or char in _MIDDLE_DOTS:
        return "-"
    category = unicodedata.category(char)
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e01ef":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Zs":
        return " "
    return unicodedata.normalize("NFKC", char)
