"""What supports a value finding: the field's name, words beside the value.

A weak shape (eight digits, say) is nobody's until something says what it is. Support is asked in
two places: of a column's name, once per column, and of the words around a match in its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, TypeAlias

from classifiers.columns import ColumnLabel
from classifiers.detector import Detector
from classifiers.expression import COMPOUNDED, spelled
from classifiers.fields import words
from classifiers.model import CellKind, Column

_BEFORE: Final = 48  # characters of a value looked at for context words
_AFTER: Final = 12
# `Tel: 0812345678`: a title with a colon of its own is not what stood before another number.
_OWN_TITLE: Final = re.compile(
    r"[,;|，；、。\n\t]\s*([^\W\d][^,;|，；、。:：=\n\t]*[:：=][\s\"']*)$"
)
_BRACKET: Final = re.compile(r"\s?[(（\[【]([^)）\]】]{1,48})[)）\]】]")
_NUMBER: Final = re.compile(r"[0-9](?:[-./ ]?[0-9A-Za-z]?[0-9]){3,}[0-9A-Za-z]*")
_LISTED: Final = re.compile(r"[)\"'\]）]?\s*(?:[,，、;；&+]|and|or|和|及|與|与|或)?\s*[(\"'\[（]?")
_NEXT: Final = re.compile(r"[0-9:：=#]")  # what follows is the title of another number
# `Steuernummer`: a title and a word for number in one.
_COMPOUND: Final = "(?:[ _.-]?(?:s?nummer|nummeret|nr|no|num|number|numero|id|code))?"
_ATOM: Final = re.compile(rf"{re.escape(_COMPOUND)}|\\.|\[[^\]]*\]\??|.", re.DOTALL)
_GLUED: Final = 12
_BY_LABEL: Final = frozenset({"pi_contact_phone", "pi_basic", "pi_device", "pi_account"})
_Tree: TypeAlias = "dict[str, _Tree]"  # atoms of patterns; "" where one ends
_KEYS: Final = 2  # innermost keys of a pointer that name a column


@dataclass(frozen=True, slots=True)
class Hints:
    """What a column's place says: detectors its name speaks for, whether nearby words count.

    In a column of trade data they do not: `手机` in a product's name is the product.
    """

    names: frozenset[str]
    words: bool
    shown: frozenset[str] = frozenset()  # detectors that the column's check digits speak for


NO_HINTS: Final = Hints(frozenset(), words=True)


class Support:
    """The context words and field labels of a set of detectors."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        """Compile the words."""
        self._context: Final = {item.name: _finder(item.context) for item in detectors}
        self._labels: Final = {item.name: frozenset(item.fields) for item in detectors}
        # A phone's or a name's field is told by its label; `mobile` in `mobile_html` is no phone.
        self._by_words: Final = frozenset(
            item.name for item in detectors if item.category not in _BY_LABEL
        )
        self.of_name: Final = lru_cache(maxsize=4096)(self._of_name)
        self._of_place: Final = lru_cache(maxsize=4096)(self._at_place)

    def warm(self) -> None:
        """Compile what is else compiled when it is first asked."""
        for finder in self._context.values():
            finder("")

    def of_column(self, column: Column, label: ColumnLabel) -> Hints:
        """What a column's name and label speak for."""
        if column.kind is CellKind.KEY or not column.name:
            return NO_HINTS
        return self._of_place(column.pointer, column.name, label)

    def _at_place(self, pointer: str, name: str, label: ColumnLabel) -> Hints:
        keys = [key for key in pointer.split("/") if key not in ("", "*")]
        named = " ".join(" ".join(words(key)) for key in keys[-_KEYS:]) if keys else ""
        if label.label is not None and not label.label.personal:
            return Hints(frozenset(), words=False)  # `account` in `account_code` names no account
        return Hints(self.of_name(named or " ".join(words(name)), label.hint), words=True)

    def _of_name(self, name: str, hint: str) -> frozenset[str]:
        return frozenset(
            detector
            for detector, finder in self._context.items()
            if hint in self._labels[detector] or (detector in self._by_words and finder(name))
        )

    def among(self, detector: str, words: str) -> bool:
        """Whether one of `words`, those `around` a match, speaks for the detector."""
        return self._context[detector](words)

    def glued(self, detector: str, text: str, start: int) -> bool:
        """Whether what touches `text[start:]` on the left is a word for the detector."""
        before = text[max(start - _GLUED, 0) : start].rstrip("_:/#=. ")
        return self._context[detector](before[-_GLUED:]) and before[-1:].isalpha()


def around(text: str, start: int, end: int) -> str:
    """The words that may be a title of `text[start:end]`: before it, or in brackets after it.

    A title belongs to the number that follows it first; only a list of numbers shares one.
    """
    before = text[max(start - _BEFORE, 0) : start]
    titled = ":" in before or "：" in before or "=" in before
    own = _OWN_TITLE.search(before) if titled else None
    if own:
        before = own[1]
    elif others := _NUMBER.findall(before):
        rest = before[before.rindex(others[-1]) + len(others[-1]) :]
        if not _LISTED.fullmatch(rest):
            before = rest
    bracketed = _BRACKET.match(text, end)
    if bracketed:
        return f"{before} {bracketed[1]}"
    after = text[end : end + _AFTER]
    return before if _NEXT.search(after) else f"{before} {after}"


@lru_cache(maxsize=1024)
def _finder(phrases: tuple[str, ...]) -> Callable[[str], bool]:
    """Finds one of `phrases` in a text; those of Latin letters only as whole words.

    A long one may be compounded with a word for number. Detectors of a reload share it.
    """
    if not phrases:
        return lambda _: False

    @cache  # compiled when first asked: hundreds of titles take a second at the start
    def search() -> Callable[[str], object]:
        latin = [spelled(e) + _COMPOUND * (len(e) >= COMPOUNDED) for e in phrases if e.isascii()]
        other = [spelled(each) for each in phrases if not each.isascii()]
        parts = [rf"(?<![a-z]){_branching(latin)}(?![a-z])"] * bool(latin)
        parts += [_branching(other)] * bool(other)
        return re.compile("|".join(parts).lower()).search

    return lambda text: search()(text.lower()) is not None


def _branching(patterns: Iterable[str]) -> str:
    """A pattern of any of `patterns` that reads common beginnings once: hundreds cost as a few."""
    tree: _Tree = {}
    for pattern in patterns:
        node = tree
        for atom in _ATOM.findall(pattern):
            node = node.setdefault(atom, {})
        node[""] = {}
    return _alternatives(tree)


def _alternatives(tree: _Tree) -> str:
    found = [atom + _alternatives(rest) if rest else atom for atom, rest in tree.items()]
    return found[0] if len(found) == 1 else f"(?:{'|'.join(sorted(found, reverse=True))})"
