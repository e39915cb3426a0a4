"""BIO tags of units <-> mentions of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from classifiers.text.model import TAGS, Kind, Mention

OUTSIDE = "O"


def mentions_of(units: Sequence[tuple[int, int]], tags: Iterable[str]) -> list[Mention]:
    """Mentions from one tag a unit (`O`, `B-PER`, `I-PER`, ...); a stray `I-` begins one.

    Other things (works, products) are learnt so as not to be taken for names, and dropped here.
    """
    found: list[tuple[int, int, str]] = []
    inside = ""
    for (start, end), tag in zip(units, tags, strict=True):
        label = tag[2:]
        if tag == OUTSIDE:
            inside = ""
        elif tag[0] == "I" and label == inside:
            found[-1] = (found[-1][0], end, label)
        else:
            found.append((start, end, label))
            inside = label
    return [Mention(start, end, TAGS[label]) for start, end, label in found if label in TAGS]


_NO_NAME: Final = re.compile(r"[@\\<>=_{}|]|/(?![lpo] )|www\.|[0-9]{2}")  # but: Ravi a/l Kumar


def named(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """`mentions` without persons that are addresses of the network, paths or numbers.

    Of `Ada Obi@ACME` and `Ada Obi <ada` the person is what stands before, if two words are.
    """
    return [kept for mention in mentions if (kept := _named(text, mention)) is not None]


def _named(text: str, mention: Mention) -> Mention | None:
    if mention.kind is not Kind.PERSON:
        return mention
    sign = _NO_NAME.search(text, mention.start, mention.end)
    if sign is None:
        return mention
    before = text[mention.start : sign.start()].rstrip(" /\"'(")
    return replace(mention, end=mention.start + len(before)) if " " in before else None


def tags_of(
    units: Sequence[tuple[int, int]], entities: Iterable[tuple[int, int, str]]
) -> list[str]:
    """One tag a unit; a unit that an entity only touches belongs to it."""
    tags = [OUTSIDE] * len(units)
    for start, end, label in sorted(entities):
        prefix = "B-"
        for index, (low, high) in enumerate(units):
            if low < end and start < high:
                tags[index] = prefix + label
                prefix = "I-"
    return tags


def merged(first: Sequence[Mention], second: Sequence[Mention]) -> list[Mention]:
    """Mentions of two engines; where they overlap, the first engine's."""
    free = [
        mention
        for mention in second
        if not any(old.start < mention.end and mention.start < old.end for old in first)
    ]
    return sorted([*first, *free])


def distinct(mentions: Iterable[Mention]) -> list[Mention]:
    """Of mentions that overlap the one that begins first, of these the longest."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda item: (item.start, -item.end)):
        if not kept or kept[-1].end <= mention.start:
            kept.append(mention)
    return kept
