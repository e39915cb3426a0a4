"""Echoes: treated texts that are looked for elsewhere in their record, or in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from classifiers.canonical import canonical, unusual
from classifiers.model import NotAlike
from gateway.operators.registry import strictest
from gateway.treatment.needles import is_needle, is_strong
from gateway.treatment.rulings import SHARED

_EVERYWHERE: Final[frozenset[int]] = frozenset()


class Mark(NamedTuple):
    """A span of a value and what is done to it."""

    start: int
    end: int
    treatment: str
    category: str
    entity: str


class Echo(Struct):
    """A treated text, how it is treated, and in which records it is looked for."""

    mark: Mark  # the strictest of its treatments
    everywhere: bool
    rows: set[int]

    @property
    def reach(self) -> frozenset[int]:
        """The records it is looked for in; empty for all of them."""
        return _EVERYWHERE if self.everywhere or SHARED in self.rows else frozenset(self.rows)


class Echoes:
    """The treated texts of a batch that are worth looking for, by canonical text."""

    def __init__(self, *, apart: bool) -> None:
        """With `apart`, each is looked for in its own records alone."""
        self.known: dict[str, Echo] = {}
        self._apart = apart

    def note(self, texts: Sequence[str], marks: Iterable[Mark]) -> list[Echo | None]:
        """The echo of each of `texts`; None for one that is not worth looking for.

        Who asks adds the records to those that are not looked for everywhere. Raises `NotAlike`
        where a text of records that are apart is not treated alike in all of them.
        """
        known, needles = self.known, _canonical(texts)
        found: list[Echo | None] = []
        for needle, mark in zip(needles, marks, strict=False):
            echo = known.get(needle)
            if echo is None:
                if is_needle(needle):
                    everywhere = not self._apart and is_strong(needle)
                    echo = known[needle] = Echo(mark, everywhere, set())
            elif self._apart and echo.mark[2:] != mark[2:]:
                raise NotAlike("one text is treated in two ways")
            elif echo.mark.treatment != mark.treatment and (
                strictest([echo.mark.treatment, mark.treatment]) != echo.mark.treatment
            ):
                echo.mark = mark
            found.append(echo)
        return found


def _canonical(texts: Sequence[str]) -> Sequence[str]:
    if not (odd := unusual(texts)):
        return texts
    needles = list(texts)
    for index in odd:
        needles[index] = canonical(needles[index]).text
    return needles
