"""What a conditional random field sees of a text: strings per character or per word.

Training and tagging call the same functions, so a model and these features belong together:
a change here needs the models trained anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from classifiers.text.lexicon import ABSENT

_WORD: Final = re.compile(r"\w[\w\u0300-\u036f]*|[^\w\s]")
_LONG_RUN: Final = 8  # characters; a longer run of one script is not a word
_FAR: Final = 5

Span = tuple[int, int]


@lru_cache(maxsize=16_384)
def char_type(char: str) -> str:
    """One letter for the script or class of a character."""
    for first, last, letter in _BLOCKS:
        if first <= char <= last:
            return letter
    if char.isdigit():
        return "9"
    if char.isalpha():
        return "A" if char.isupper() else "a"
    if char.isspace():
        return "s"
    return "p" if unicodedata.category(char)[0] in "PS" else "x"


_BLOCKS: Final = (
    ("\u4e00", "\u9fff", "H"),
    ("\u3040", "\u309f", "h"),
    ("\u30a0", "\u30ff", "k"),
    ("\uac00", "\ud7a3", "G"),
    ("\u0e00", "\u0e7f", "T"),
)


def char_spans(text: str) -> list[Span]:
    """Every character a unit."""
    return [(index, index + 1) for index in range(len(text))]


def word_spans(text: str) -> list[Span]:
    """Words with their marks, and every other visible character, as units."""
    return [match.span() for match in _WORD.finditer(text)]


def char_features(text: str, marks: Sequence[str], *, each: bool) -> list[list[str]]:
    """The features of every character, given with its mark of `classifiers.text.lexicon.Marks`.

    `each` tells whether lexicon classes count on their own too.
    """
    chars = ["<", "<", *text, ">", ">"]
    types = ["<", "<", *map(char_type, text), ">", ">"]
    signs = ["", *marks, ""]
    return [
        [
            *_neighbours(chars[at - 2 : at + 3]),
            "T" + "".join(types[at - 2 : at + 3]),
            "t" + types[at],
            *run,
            *_marked(signs[at - 2], signs[at - 1], signs[at], chars[at], each=each),
        ]
        for at, run in enumerate(_run_features(text), start=2)
    ]


def _neighbours(window: Sequence[str]) -> tuple[str, ...]:
    a, b, x, y, z = window
    return (
        "0" + x, "1" + b, "2" + a, "3" + y, "4" + z, "b" + b + x, "n" + x + y,
        "B" + a + b, "N" + y + z, "w" + b + x + y, "j" + b + y,
    )  # fmt: skip


def _marked(before: str, here: str, after: str, char: str, *, each: bool) -> list[str]:
    """Lexicon marks, all classes together and, where `each`, every class on its own."""
    joint = ["m" + here, f"M{before}|{here}", f"W{here}|{after}", f"C{here}{char}"]
    if not each:
        return [*joint, "<" + before, ">" + after, f"X{before}|{here}|{after}"]
    return [
        *joint,
        *(f"c{at}{mark}" for at, mark in enumerate(here) if mark != ABSENT),
        *(f"<{at}{mark}" for at, mark in enumerate(before) if mark != ABSENT),
        *(f">{at}{mark}" for at, mark in enumerate(after) if mark != ABSENT),
    ]


def _run_features(text: str) -> list[tuple[str, ...]]:
    """Per character: its run of one script, where in it, and the runs beside it."""
    runs = ["".join(chars) for _, chars in groupby(text, key=char_type)]
    named = ["^", *(run if len(run) <= _LONG_RUN else "~" for run in runs), "$"]
    rows: list[tuple[str, ...]] = []
    for number, run in enumerate(runs, start=1):
        word, size = named[number], len(run)
        beside = ("u" + named[number - 1], "v" + named[number + 1])
        for at in range(size):
            left, right = min(at, _FAR), min(size - at, _FAR)
            rows.append((f"r{word}", f"R{word}{at}", f"d{left}", f"D{left},{right}", *beside))
    return rows


def word_features(text: Sequence[str], marks: Sequence[str]) -> list[list[str]]:
    """The features of every word of a text, given with its mark."""
    words = ["<", "<", *text, ">", ">"]
    lower = [word.lower() for word in words]
    shapes = [_shape(word) for word in words]
    signs = ["", *marks, ""]
    rows = []
    for at in range(2, len(words) - 2):
        word = lower[at]
        rows.append([
            "0" + word, "1" + lower[at - 1], "2" + lower[at - 2],
            "3" + lower[at + 1], "4" + lower[at + 2],
            f"b{lower[at - 1]}_{word}", f"n{word}_{lower[at + 1]}",
            "s" + shapes[at], "S" + "_".join(shapes[at - 1 : at + 2]),
            "Z" + "_".join(shapes[at - 2 : at + 3]),
            "p" + word[:2], "P" + word[:3], "O" + word[:4],
            "q" + word[-2:], "Q" + word[-3:], "V" + word[-4:],
            "y" + lower[at - 1][-3:], "Y" + lower[at + 1][-3:],
            *_marked(signs[at - 2], signs[at - 1], signs[at], shapes[at], each=True),
        ])  # fmt: skip
    return rows


def class_features(classes: Sequence[Sequence[str]]) -> list[list[str]]:
    """The features of every word's class (coarse, middle, fine) and of its neighbours'."""
    beyond = ("", "", "")
    row = [beyond, beyond, *classes, beyond, beyond]
    return [
        [
            *("k" + part for part in _levels(row[at])),
            *("l" + part for part in _levels(row[at - 1])),
            *("h" + part for part in _levels(row[at + 1])),
            f"e{row[at - 2][1]}", f"f{row[at + 2][1]}",
            f"K{row[at - 1][0]}_{row[at][0]}", f"L{row[at][0]}_{row[at + 1][0]}",
        ]
        for at in range(2, len(row) - 2)
    ]  # fmt: skip


def _levels(parts: Sequence[str]) -> tuple[str, str, str]:
    coarse, middle, fine = parts
    return "0" + coarse, "1" + middle, "2" + fine


@lru_cache(maxsize=65_536)
def _shape(word: str) -> str:
    return "".join(letter for letter, _ in groupby(map(char_type, word)))
