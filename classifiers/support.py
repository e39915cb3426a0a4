"""What supports a value finding: the field's name, words beside the value.

A weak shape (eight digits, say) is nobody's until something says what it is. Support is asked in
two places: of a column's name, once per column, and of the words around a match in its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from classifiers.columns import ColumnLabel
from classifiers.detector import Detector
from classifiers.fields import words
from classifiers.model import CellKind, Column

_BEFORE: Final = 48  # characters of a value looked at for context words
_AFTER: Final = 24
_KEYS: Final = 2  # innermost keys of a pointer that name a column


class Support:
    """The context words and field labels of a set of detectors."""

    def __init__(self, detectors: Iterable[Detector]) -> None:
        """Compile the words."""
        self._context: Final = {item.name: _finder(item.context) for item in detectors}
        self._labels: Final = {item.name: frozenset(item.fields) for item in detectors}
        self.of_name: Final = lru_cache(maxsize=4096)(self._of_name)

    def of_column(self, column: Column, label: ColumnLabel) -> frozenset[str]:
        """The detectors that a column's name and label speak for."""
        if column.kind is CellKind.KEY or not column.name:
            return frozenset()
        keys = [key for key in column.pointer.split("/") if key not in ("", "*")]
        named = " ".join(" ".join(words(key)) for key in keys[-_KEYS:]) if keys else ""
        return self.of_name(named or " ".join(words(column.name)), label.hint)

    def _of_name(self, name: str, hint: str) -> frozenset[str]:
        return frozenset(
            detector
            for detector, finder in self._context.items()
            if hint in self._labels[detector] or finder(name)
        )

    def nearby(self, detector: str, text: str, start: int, end: int) -> bool:
        """Whether a word around `text[start:end]` speaks for the detector."""
        around = f"{text[max(start - _BEFORE, 0) : start]} {text[end : end + _AFTER]}"
        return self._context[detector](around)


def _finder(phrases: Sequence[str]) -> Callable[[str], bool]:
    """Finds one of `phrases` in a text; those of Latin letters only as whole words."""
    latin = "|".join(re.escape(phrase) for phrase in phrases if phrase.isascii())
    other = "|".join(re.escape(phrase) for phrase in phrases if not phrase.isascii())
    parts = [rf"(?<![a-z])(?:{latin})(?![a-z])"] * bool(latin) + [other] * bool(other)
    if not parts:
        return lambda _: False
    search = re.compile("|".join(parts), re.IGNORECASE).search
    return lambda text: search(text) is not None
