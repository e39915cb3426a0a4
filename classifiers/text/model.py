"""Nouns of the text engines: texts in, mentions out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class Kind(StrEnum):
    """What a mention names; the value is its Presidio entity."""

    PERSON = "PERSON"
    PLACE = "LOCATION"
    ORGANIZATION = "ORGANIZATION"


TAGS: Final = {"PER": Kind.PERSON, "LOC": Kind.PLACE, "ORG": Kind.ORGANIZATION}


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A name in a text: a half-open span of code points, and who read it."""

    start: int
    end: int
    kind: Kind
    score: float = 0.8  # 0..1, for people
    reader: str = ""  # `text.zh`, set by who calls the engine


class Engine(Protocol):
    """One language family's model, ready to run. Safe to share between threads."""

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of each text, by start, none overlapping. Texts are short pieces."""
        ...
