"""One owner per character: which findings of a value stand where several overlap.

The order is total, so the order of detectors never matters: findings that policy must be asked
about come before labels of trade data, those before findings that are only logged; what stands in
a message before the message; then the higher level, the surer verdict, what more
than a title tells, what the value shows before its field's name and that before the data contract,
the longer span, what a word beside it supports, the earlier start, the names. A finding that must
be asked about keeps what its betters leave of its span, so that a name field holding a phone
number is covered to its last letter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from classifiers.model import Evidence, Finding, Level, Verdict

_LEVELS: Final = {level: rank for rank, level in enumerate(reversed(Level))}
_VERDICTS: Final = {verdict: rank for rank, verdict in enumerate(Verdict)}
_NO_CHANCE: Final = 15  # characters of a number
_SOMETHING_WRITTEN: Final = "spi_comm_content"
_SPECIFIC: Final = 0.7  # score under which a title alone told what the value is


def resolve(findings: Iterable[Finding], text: str) -> list[Finding]:
    """The findings of the value `text` that stand, by start, none overlapping."""
    rivals = list(findings)
    if len(rivals) == 1:
        return rivals
    rivals.sort(key=_start)
    if all(one.end <= two.start for one, two in pairwise(rivals)):
        return rivals  # nothing to settle, as in a text that lists one number after another
    rivals = _without_chance(rivals)
    rivals.sort(key=_precedence)
    if rivals[0].start == 0 and rivals[0].end == len(text):
        return rivals[:1]
    standing: list[Finding] = []
    for finding in rivals:
        gaps = list(_gaps(finding.start, finding.end, standing))
        whole = gaps == [(finding.start, finding.end)]
        if not whole and _tier(finding) > 0:
            continue
        for start, end in gaps:
            if whole or any(char.isalnum() for char in text[start:end]):
                piece = finding if whole else finding.over(finding.value, start, end)
                standing.insert(bisect_left(standing, start, key=_start), piece)
    return standing


def _without_chance(rivals: list[Finding]) -> list[Finding]:
    """`rivals` without numbers that only check digits speak for where a column's name knows better.

    One mobile in hundreds fits another country's identity number; a field for telephones that
    holds one shows a telephone. Long numbers fit nothing by chance and stay, whatever the name.
    """
    named = {
        (finding.start, finding.end)
        for finding in rivals
        if finding.evidence is Evidence.FIELD
        and finding.verdict is Verdict.CONFIRMED
        and finding.level is not Level.GENERAL
        and not finding.detector.startswith("field.")
    }
    return [
        finding
        for finding in rivals
        if finding.evidence is not Evidence.VALUE
        or (finding.start, finding.end) not in named
        or finding.end - finding.start >= _NO_CHANCE
    ]


def outranks(rival: Finding, finding: Finding, length: int) -> bool:
    """Whether `rival` owns a whole value of `length` and goes before `finding` whatever else does.

    True is certain, False only quick.
    """
    return (
        rival.start == 0
        and rival.end == length
        and rival.verdict is Verdict.CONFIRMED
        and finding.verdict is not Verdict.CONFIRMED
        and _LEVELS[rival.level] <= _LEVELS[finding.level]
        and rival.level is not Level.GENERAL
        and (rival.evidence is not Evidence.FIELD or rival.category != _SOMETHING_WRITTEN)
    )


def _start(finding: Finding) -> int:
    return finding.start


def _gaps(start: int, end: int, standing: list[Finding]) -> Iterator[tuple[int, int]]:
    """The parts of [start, end) that no standing finding owns."""
    index = max(bisect_left(standing, start, key=_start) - 1, 0)
    while index < len(standing) and standing[index].start < end:
        other = standing[index]
        if other.end > start:
            if other.start > start:
                yield start, other.start
            start = other.end
        index += 1
    if start < end:
        yield start, end


def _names_a_text(finding: Finding) -> bool:
    """Whether it says only that somebody wrote the text: who stands in it is told by the rest."""
    return finding.evidence is Evidence.FIELD and finding.category == _SOMETHING_WRITTEN


def _source(finding: Finding) -> int:
    """0 what the value shows, 1 what its field's name says, 2 what the data contract says."""
    if finding.evidence is Evidence.DECLARED:
        return 2
    return int(finding.detector.startswith("field."))


def _precedence(
    finding: Finding,
) -> tuple[int, bool, int, int, bool, int, int, bool, int, str, str, str]:
    return (
        _tier(finding),
        _names_a_text(finding),
        _LEVELS[finding.level],
        _VERDICTS[finding.verdict],
        finding.score < _SPECIFIC,
        _source(finding),
        finding.start - finding.end,
        finding.evidence is Evidence.VALUE,
        finding.start,
        finding.detector,
        finding.category,
        finding.evidence.value,
    )


def _tier(finding: Finding) -> int:
    """0 asked about, 1 a label of trade data, 2 only logged."""
    if finding.level is Level.GENERAL:
        return 1
    return 0 if finding.verdict.treated else 2


def fills(text: str, start: int, end: int) -> bool:
    """Whether a span leaves nothing of `text` but blanks; looks only at those beside it."""
    if end - start == len(text):
        return True
    while start > 0 and text[start - 1].isspace():
        start -= 1
    while start == 0 and end < len(text) and text[end].isspace():
        end += 1
    return start == 0 and end == len(text)
