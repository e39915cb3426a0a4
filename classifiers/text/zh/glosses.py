"""Latin names in brackets behind what they gloss: 康科德（Concord）, 克拉克（Clark）.

A gloss is what stands before it: a town's name abroad is no person, though it may look like one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from classifiers.text.model import Kind, Mention
from classifiers.text.titles import given_names
from classifiers.text.zh.surnames import COMPOUND, SURNAMES

_LETTERS: Final = "A-Za-z\u00c0-\u024f.'’-"
_GLOSS: Final = re.compile(
    "[（(](?:[\u4e00-\u9fff]{1,3}[语文][:：]? ?)?"
    f"(?P<name>(?P<first>[A-Z][{_LETTERS}]+)(?: [A-Z][{_LETTERS}]+){{0,4}})(?=[）),，;；])"
)
_PERSON: Final = re.compile(r"(?:[A-Z][a-z\u00df-\u024f.'’-]+ ?){1,4}")  # no CEO, no GCMG
_ABROAD: Final = re.compile("[\u4e00-\u9fff]{3,}|[\u4e00-\u9fff]+(?:[·‧][\u4e00-\u9fff]+)+")
_CHINESE: Final = 3  # characters of a name that a surname begins


def with_glosses(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` with the glosses behind them, each of the kind of what it glosses.

    Behind a Chinese name a title may stand (王伟（Manager）), behind a firm or a town whoever works
    there (华星（Kevin Zhang）): there nothing is told.
    """
    kept = list(mentions)
    for mention in mentions:
        gloss = _GLOSS.match(text, mention.end)
        if gloss is None or not _tells(text[mention.start : mention.end], mention.kind, gloss):
            continue
        start, end = gloss.span("name")
        kept = [old for old in kept if old.end <= start or end <= old.start]
        kept.append(Mention(start, end, mention.kind))
    return sorted(kept)


def _tells(word: str, kind: Kind, gloss: re.Match[str]) -> bool:
    if kind is not Kind.PERSON:
        return gloss["first"].lower() not in given_names()
    chinese = len(word) <= _CHINESE and (word[0] in SURNAMES or word[:2] in COMPOUND)
    foreign = _ABROAD.fullmatch(word) is not None and not chinese
    return foreign and _PERSON.fullmatch(gloss["name"]) is not None
