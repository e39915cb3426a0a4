"""What a text shows by itself, whatever field it stands in: matches, words, hidden forms.

All of it is a function of the text and the detectors alone. So each distinct text of a batch is
read once, and a `Memory` carries what was read from the first look at an export to the second,
which decodes what leaves afresh and finds most of it to be texts that it knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse
from pathlib import Path
from typing import Final

from msgspec import Struct

from classifiers import embedded, encodings
from classifiers.candidates import Hits
from classifiers.canonical import SPACED, Canonical, canonical, unusual
from classifiers.detector import Detector
from classifiers.encodings import decoded
from classifiers.expression import marker, phrase
from classifiers.scanner import Match, Scanner

_COMMON_AT_ONCE: Final = 24  # patterns in one database: it sees few values and compiles soon
# Signals; context words are signals of their own name, so these are no words.
_ENCODED: Final = "<encoded>"
_SPACED: Final = "<spaced>"
_FIELDS: Final = "<fields>"
_NOTHING: Final[Hits] = {}
_NOBODY: Final[frozenset[str]] = frozenset()


class Look(Struct, frozen=True, gc=False):
    """What the rare patterns and the words in a text say."""

    matches: Sequence[Match]
    speaks: frozenset[str] = _NOBODY  # detectors that a word in the text speaks for
    encoded: bool = False
    spaced: bool = False
    fields: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """What was read of the texts of one export. It dies with the export."""

    read: set[str] = field(default_factory=set)  # texts that were looked at
    looks: dict[str, Look] = field(default_factory=dict)  # of those that show something
    formed: set[str] = field(default_factory=set)  # texts whose other forms are known
    forms: dict[str, Sequence[Canonical]] = field(default_factory=dict)  # of those that have any
    common: dict[str, Hits] = field(default_factory=dict)
    confirmed: dict[tuple[str, int], Sequence[Match]] = field(default_factory=dict)


class Reader:
    """The patterns of a set of detectors. Immutable; safe to share between threads."""

    def __init__(self, detectors: Sequence[Detector], cache_dir: Path | None = None) -> None:
        """Compile or load. Raises `ValueError` naming a pattern that cannot run safely."""
        rare = [part for item in detectors if (part := item.part(rare=True))]
        common = [part for item in detectors if (part := item.part(rare=False))]
        speaks: dict[str, list[str]] = {}
        shipped: set[str] = set()
        for detector in common:
            for word in detector.context:
                speaks.setdefault(word, []).append(detector.name)
            if not detector.adopted:
                shipped.update(detector.context)
        self._speaks: Final = speaks  # context word -> the detectors it speaks for
        signals = {
            **{word: [phrase(word)] for word in speaks},
            _ENCODED: [marker(source) for source in encodings.SIGNALS],
            _SPACED: [marker(SPACED)],
            _FIELDS: [marker(embedded.SIGNAL)],
        }
        self.common: Final = common
        self._rare: Final = Scanner(rare, cache_dir, signals, added=speaks.keys() - shipped)
        self._common: Final = Scanner(common, cache_dir, most=_COMMON_AT_ONCE)

    def look(
        self, texts: Iterable[str], memory: Memory, deadline: float | None = None
    ) -> Mapping[str, Look]:
        """What of `texts` shows something, read now or remembered. Raises `DetectionIncomplete`."""
        looks, read = memory.looks, memory.read
        distinct = texts if isinstance(texts, dict) else dict.fromkeys(texts)
        fresh = list(filterfalse(read.__contains__, distinct))
        scan = self._rare.scan(fresh, deadline)
        read.update(fresh)
        for index, signals in scan.signals.items():
            looks[fresh[index]] = Look(
                scan.matches.get(index, ()),
                frozenset(name for word in signals for name in self._speaks.get(word, ())),
                encoded=_ENCODED in signals,
                spaced=_SPACED in signals,
                fields=_FIELDS in signals,
            )
        for index, matches in scan.matches.items():
            if index not in scan.signals:
                looks[fresh[index]] = Look(matches)
        return looks

    def forms(
        self, texts: Mapping[str, object], memory: Memory
    ) -> Mapping[str, Sequence[Canonical]]:
        """Canonical forms and decodings of `texts` that differ from them; most have none.

        The texts, keys of a mapping, were looked at before.
        """
        looks, formed = memory.looks, memory.formed
        fresh = list(filterfalse(formed.__contains__, texts))
        worth = {fresh[index] for index in unusual(fresh)}
        for text, seen in looks.items():
            if (seen.spaced or seen.encoded) and text in texts and text not in formed:
                worth.add(text)
        formed.update(fresh)
        for text in worth:
            look = looks.get(text)
            forms = list(_forms(text, encoded=look is not None and look.encoded))
            if forms:
                memory.forms[text] = forms
        return memory.forms

    def read_common(
        self, texts: Iterable[str], memory: Memory, deadline: float | None = None
    ) -> None:
        """Note which common patterns may match in `texts`. Raises `DetectionIncomplete`."""
        common = memory.common
        fresh = [text for text in dict.fromkeys(texts) if text not in common]
        common.update(dict.fromkeys(fresh, _NOTHING))
        for index, hits in self._common.candidates(fresh, deadline).items():
            common[fresh[index]] = hits

    def common_matches(
        self, text: str, wanted: Collection[str], memory: Memory, deadline: float | None = None
    ) -> Iterator[Match]:
        """Matches of common patterns of the `wanted` detectors in a text read before."""
        hits, detectors = memory.common[text], self._common.detectors
        for rule in sorted([rule for rule in hits if detectors[rule] in wanted]):
            found = memory.confirmed.get((text, rule))
            if found is None:
                found = self._common.confirm(rule, text, hits[rule], deadline)
                memory.confirmed[text, rule] = found
            yield from found


def _forms(text: str, *, encoded: bool) -> Iterator[Canonical]:
    """The other forms of `text`: canonical, decoded, and both."""
    form = canonical(text)
    if form.text != text:
        yield form
    for plain in decoded(text) if encoded else ():
        yield plain
        folded = canonical(plain.text)
        if folded.text != plain.text:
            spans = [plain.span(*folded.span(at, at + 1)) for at in range(len(folded.text))]
            yield Canonical(folded.text, spans)
