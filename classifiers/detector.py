"""What a value detector is: patterns to find a shape, a check to judge it, words that support it.

A `Detector` holds the same things as a Presidio `PatternRecognizer`, and `classifiers.presidio`
turns one into the other both ways. It is plain data so that a gateway worker need not import
Presidio, which brings in spaCy (seconds of start and 150 MB per process).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import regex

from classifiers.model import Level, Verdict
from classifiers.taxonomy import level_of

FLAGS: Final = int(regex.DOTALL | regex.MULTILINE | regex.IGNORECASE)  # Presidio's default
RARE: Final = 0.3  # base score of a pattern that is worth looking for everywhere
ASCII_FLAGS: Final = FLAGS | int(regex.ASCII)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in the syntax of the `regex` module, with Presidio's base score."""

    name: str
    regex: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detector:
    """One identifier.

    `verify` says what the matched text alone tells: CONFIRMED (a check holds), LIKELY (no check
    exists, the shape is rare), UNKNOWN (a check fails or says little), REFUTED (cannot be).
    `strong` means that fewer than 1 in 1,000 random strings of the shape get more than UNKNOWN
    from `verify`; a weak detector's finding stays UNKNOWN until a field name, a context word or
    the column supports it. Patterns scored under `RARE` are looked for only where something
    supports the detector, whatever its strength.
    """

    name: str
    category: str
    entity: str
    patterns: tuple[Pattern, ...]
    verify: Callable[[str], Verdict]
    strong: bool = False
    context: tuple[str, ...] = ()  # words beside the value, lower case
    fields: tuple[str, ...] = ()  # labels of `classifiers.fields` that name it
    generic: bool = False  # told by a title alone: yields to any identifier that fits
    words: bool = False  # finds words rather than shapes: says nothing in columns of trade data
    flags: int = ASCII_FLAGS
    version: str = "1"
    born: Callable[[str], date | None] | None = None  # the birth date that the number holds
    adopted: bool = False  # somebody else's patterns: each search has a time limit of its own

    def part(self, *, rare: bool) -> Detector | None:
        """This detector with only its rare patterns, or (weak) the others; None if it has none."""
        patterns = tuple(
            pattern for pattern in self.patterns if (self.strong and pattern.score >= RARE) is rare
        )
        return replace(self, patterns=patterns, strong=rare) if patterns else None

    @property
    def level(self) -> Level:
        """The statutory level of what it finds."""
        return level_of(self.category)

    def grade(self, verdict: Verdict, *, supported: bool) -> Verdict:
        """The verdict after hints: support raises it one step, a weak shape needs support."""
        if verdict is Verdict.REFUTED:
            return verdict
        if supported:
            return Verdict.LIKELY if verdict is Verdict.UNKNOWN else Verdict.CONFIRMED
        return verdict if self.strong else Verdict.UNKNOWN
