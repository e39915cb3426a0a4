"""Text as a detector should see it: NFKC, no invisible characters, ASCII digits.

Detectors look at cells twice, as they stand and in this form, so that fullwidth digits and a
number laced with zero-width spaces are found too. What leaves is never the canonical form: its
spans map back to the code points of the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers.compiled import SCAN

_ORDINARY: Final = re.compile(
    r"[\x00-\x7f\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff、。，：；！？（）「」《》“”‘’…—]*"
)
# Ordinary in prose, a separator between two digits.
_PARTS: Final = re.compile("[0-9][—\u3000。][0-9]")
_DASHES: Final = frozenset("‐‑‒–—―−﹣－ー")
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")  # letters that show nothing
_MIDDLE_DOTS: Final = frozenset("·•・‧∙⋅。．")
# Letters of other scripts that look Latin (Unicode confusables, the pairs used in attacks).
_LOOKALIKES: Final = dict(
    zip(
        "аеорсухіјѕԁһκοαενρτυχАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxijsdhkoaevptuxABEKMHOPCTXIJSABEZHIKMNOPTYX",
        strict=True,
    )
)
_LATIN: Final = str.maketrans(_LOOKALIKES)
_LOOKALIKE: Final = re.compile(f"[{''.join(_LOOKALIKES)}]")
_LATINISH: Final = re.compile(f"[\x00-\x7f{''.join(_LOOKALIKES)}]?")
_WORD: Final = re.compile(r"[\w@.-]+")
_MIXED: Final = re.compile("[0-9A-Za-z]")
_NUMERAL: Final = "〇零○一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖幺两"
_NUMERALS: Final = str.maketrans(_NUMERAL, "000123456789122334566789" + "12")
_NUMERAL_RUN: Final = re.compile(f"[{_NUMERAL}]{{2}}[{_NUMERAL}0-9 -]{{5,}}")
_SINGLE: Final = re.compile(r"(?<![0-9])(?:[0-9][ ./_,|\n\t-]{1,3}){6,}[0-9](?![0-9])")
# The same for Hyperscan, to mark texts that need it.
SPACED: Final = r"[^0-9][0-9](?:[ ./_,|\n\t-]{1,3}[0-9]){6}"
_FOUR_SINGLE: Final = re.compile(r"[0-9](?:[ ./_,|\n\t-]{1,3}[0-9]){3}")  # quicker to rule out
_BREAKS: Final = re.compile(r"[\n\t\r]")
_APART: Final = "\0"  # between texts that are tried together; no expression above matches over it
_AT_ONCE: Final = 128  # texts
_BROKEN: Final = re.compile(r"(?<=[0-9])[\n\t\r](?=[0-9])")


@dataclass(frozen=True, slots=True)
class Canonical:
    """Canonical `text`. `origins[i]` is the original span that character `i` came from."""

    text: str
    origins: Sequence[tuple[int, int]] | None  # None where nothing moved

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original half-open span of a half-open span of `text`."""
        if self.origins is None or start >= end:
            return start, end
        return self.origins[start][0], self.origins[end - 1][1]


def unusual(texts: Sequence[str]) -> list[int]:
    """Which of `texts` may have a canonical form other than themselves; the rest have none."""
    if SCAN is not None:
        many = texts if isinstance(texts, list) else list(texts)
        return [index for index in SCAN.changing(many) if _may_change(many[index])]
    return _unusual(texts)


def _unusual(texts: Sequence[str]) -> list[int]:
    """The same without the compiled twin: whole stretches of texts are tried as one."""
    found: list[int] = []
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        if _may_change(_APART.join(part)):
            found += [start + at for at, text in enumerate(part) if _may_change(text)]
    return found


def _may_change(text: str) -> bool:
    """False only where `canonical` leaves `text`, and each part of it between NULs, as it is."""
    if not text.isascii() and (
        not _ORDINARY.fullmatch(text) or _NUMERAL_RUN.search(text) or _PARTS.search(text)
    ):
        return True
    if _FOUR_SINGLE.search(text) and _SINGLE.search(text):
        return True
    return bool(_BREAKS.search(text)) and _BROKEN.search(text) is not None


def canonical(text: str) -> Canonical:
    """The canonical form; for plain ASCII and Chinese text the text itself, at no cost."""
    if not unusual([text]):
        return Canonical(text, None)
    if text.isascii():
        return _joined(text, None)
    pieces, origins = _folded(text)
    whole = _NUMERAL_RUN.sub(lambda run: run[0].translate(_NUMERALS), _latinised("".join(pieces)))
    if len(whole) == len(text):
        return _joined(whole, None)
    spans = [span for piece, span in zip(pieces, origins, strict=True) for _ in piece]
    return _joined(whole, spans)


def _joins(char: str) -> bool:
    """Whether it may join the character before it: a combining mark or a Hangul vowel or final."""
    return "\u1160" <= char <= "\u11ff" or unicodedata.category(char) == "Mn"


def _folded(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Folded characters with their original spans.

    A combining mark joins the letter before it where Unicode has the two as one, so that all
    normal forms of a name fold alike; from digits and Latin letters other marks are dropped.
    """
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    for index, char in enumerate(text):
        piece = _fold(char)
        if pieces and len(piece) == 1 and _joins(piece):
            joined = unicodedata.normalize("NFC", pieces[-1][-1:] + piece)
            letter = pieces[-1][-1:].isalpha()
            drops = _LATINISH.fullmatch(pieces[-1][-1:]) and not piece.isalpha()
            if (len(joined) == 1 and letter) or drops:
                if len(joined) == 1 and letter:
                    pieces[-1] = pieces[-1][:-1] + joined
                origins[-1] = (origins[-1][0], index + 1)
                continue
        pieces.append(piece)
        origins.append((index, index + 1))
    return pieces, origins


def _joined(text: str, origins: Sequence[tuple[int, int]] | None) -> Canonical:
    """Digits written one by one are run together, and a number broken over lines has spaces."""
    whole = _BROKEN.sub(" ", text)
    text = text if whole == text else whole
    runs = [match.span() for match in _SINGLE.finditer(text)]
    if not runs:
        return Canonical(text, origins)
    inside = [False] * len(text)
    for start, end in runs:
        inside[start:end] = [True] * (end - start)
    kept = [index for index, char in enumerate(text) if not inside[index] or char.isdigit()]
    source = origins or [(index, index + 1) for index in range(len(text))]
    return Canonical("".join(text[index] for index in kept), [source[index] for index in kept])


def _latinised(text: str) -> str:
    """`text` with lookalike letters made Latin in words that mix them with ASCII.

    A word wholly in its own script stays: it may be the title of what follows (`Паспорт AB123456`).
    """
    if not _LOOKALIKE.search(text):
        return text
    return _WORD.sub(
        lambda word: word[0].translate(_LATIN) if _MIXED.search(word[0]) else word[0], text
    )


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """One code point in canonical form; the empty string for an invisible one."""
    if char.isascii():
        return char
    if char in _DASHES or char in _MIDDLE_DOTS:
        return "-" if char != "．" else "."
    category = unicodedata.category(char)
    if (
        category in ("Cf", "Me")
        or char in _FILLERS
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0000" <= char <= "\U000e01ef"
    ):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Zs":
        return " "
    return unicodedata.normalize("NFKC", char)
