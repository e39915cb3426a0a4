"""Training templates that echo held-back sentences: what is measured must not be trained on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.training.corpus import Sentence
from benchmarks.training.synthetic import LABELS, SLOT

_RUN: Final = 4  # words in a row, a name counting as one
_WRITTEN: Final = 3  # of them that are no names
_NAME: Final = "\0"
_WORD: Final = re.compile(rf"\w+|{_NAME}")
Words = tuple[str, ...]


def echoes(templates: Iterable[str], held_back: Sequence[Sentence]) -> list[tuple[str, str]]:
    """The templates that share four words in a row, or all their words, with a held-back sentence.

    Names count as one word and equal each other; of a shared run three words are no names. Only
    for languages that put spaces between words. Returns pairs of template and what it shares.
    """
    runs: set[Words] = set()
    whole: set[Words] = set()
    for sentence in held_back:
        for words in (_words(_without_names(sentence)), _words(sentence.text)):
            runs.update(_runs(words))
            whole.add(words)
    found: list[tuple[str, str]] = []
    for template in templates:
        words = _words(SLOT.sub(_masked, template))
        shared = sorted(runs.intersection(_runs(words)))
        if words in whole and any(word != _NAME for word in words):
            shared = [words]
        if shared:
            found.append((template, " ".join(shared[0]).replace(_NAME, "{}")))
    return found


def _masked(slot: re.Match[str]) -> str:
    return f" {_NAME} " if slot[1] in LABELS else " "


def _without_names(sentence: Sentence) -> str:
    text = sentence.text
    for start, end, _ in sorted(sentence.entities, reverse=True):
        text = f"{text[:start]} {_NAME} {text[end:]}"
    return text


def _words(text: str) -> Words:
    return tuple(_WORD.findall(text.lower()))


def _runs(words: Words) -> list[Words]:
    runs = (words[at : at + _RUN] for at in range(len(words) - _RUN + 1))
    return [run for run in runs if sum(word != _NAME for word in run) >= _WRITTEN]
