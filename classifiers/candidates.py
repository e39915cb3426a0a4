"""What may match where: texts in one buffer for one pass, the pass's ends sorted by text again.

`native/scan.c` holds the same functions compiled; these are for machines without it, and for the
texts that it declines.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, Final

from classifiers.compiled import SCAN
from classifiers.expression import SEPARATOR

Hits = dict[int, list[int]]  # rule -> byte offsets in a text where a match may end, rising
Ends = Any  # what one pass reports, in the form of whoever notes it
Handler = Callable[[int, int, int, int, Ends], None]
_BREAK: Final = SEPARATOR.encode()


def joined(texts: list[str]) -> tuple[bytes, Sequence[int] | bytearray]:
    """`texts` as UTF-8 with a separator before, between and after them; where each begins."""
    found = SCAN.joined(texts) if SCAN is not None else None
    return found or _joined(texts)


def ends() -> tuple[Handler, Ends]:
    """Hyperscan's match handler and the context for it."""
    if SCAN is not None:
        return SCAN.note, bytearray()
    return _note, []


def grouped(
    found: Ends,
    starts: Sequence[int] | bytearray,
    trails: tuple[int, ...],
    owners: tuple[tuple[int, ...], ...],
) -> dict[int, Hits]:
    """By text and rule, the byte offsets in the text where a match may end.

    `trails` and `owners` are by expression: how far after a match's last byte its end is reported,
    and the rules that it stands for.
    """
    if SCAN is not None:
        begins = starts if isinstance(starts, bytearray) else array("q", starts)
        hits: dict[int, Hits] = SCAN.grouped(found, begins, trails, owners)
        return hits
    return _grouped(found, starts, trails, owners)


def _joined(texts: Sequence[str]) -> tuple[bytes, list[int]]:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    starts = list(accumulate([len(data) + 1 for data in encoded], initial=1))
    return _BREAK.join((b"", *encoded, b"")), starts


def _note(number: int, _start: int, end: int, _flags: int, found: list[tuple[int, int]]) -> None:
    found.append((number, end))


def _grouped(
    found: Sequence[tuple[int, int]],
    starts: Sequence[int],
    trails: Sequence[int],
    owners: Sequence[Sequence[int]],
) -> dict[int, Hits]:
    by_text: dict[int, Hits] = {}
    hits: Hits = {}
    low = high = 0
    for number, end in found:
        last = max(end - trails[number] - 1, 1)  # 1: the separator before all
        if not low <= last < high:
            index = bisect_right(starts, last) - 1
            low, high = starts[index], starts[index + 1]
            hits = by_text.setdefault(index, {})
        for rule in owners[number]:
            hits.setdefault(rule, []).append(last - low + 1)
    return by_text
