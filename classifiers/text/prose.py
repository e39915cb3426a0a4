"""Cells that can hold prose -> findings of persons and addresses; places and organizations noted.

What cannot be read in full is refused, never skipped: too much text, a deadline passed, an engine
that fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from classifiers.canonical import Canonical
from classifiers.columns import ColumnLabel
from classifiers.model import Column, DetectionIncomplete, Evidence, Finding, NotAlike, Verdict
from classifiers.taxonomy import level_of
from classifiers.text import people
from classifiers.text.address import is_address
from classifiers.text.cache import MentionCache
from classifiers.text.engines import BY_RULES, LazyEngine, engine_versions
from classifiers.text.gate import admits, is_prose, uncovered
from classifiers.text.language import ALPHABETIC, has_dense, languages, without_dense
from classifiers.text.model import Kind, Mention
from classifiers.text.readable import readable
from classifiers.text.reading import read
from classifiers.text.spans import merged

MAX_CHARACTERS: Final = 4_000_000  # of one batch, after the cache
_CACHE_BYTES: Final = 32 * 1024 * 1024
_WARMED: Final = ("zh", "en")  # the others, 20 MB each, wait for the first text that needs them
_SCORES: Final = MappingProxyType({Verdict.LIKELY: 0.75, Verdict.UNKNOWN: 0.3})

Key = tuple[int, int]  # column and value


class ProseClassifier:
    """Text engines with their cache. Safe to share between threads."""

    def __init__(
        self,
        engines: Mapping[str, LazyEngine],
        *,
        max_characters: int = MAX_CHARACTERS,
        cache_bytes: int = _CACHE_BYTES,
    ) -> None:
        """`engines` by language; a language left out is not read."""
        self._engines: Final = engines
        self._max_characters: Final = max_characters
        self._cache: Final = MentionCache(cache_bytes)

    @property
    def versions(self) -> Mapping[str, str]:
        """Engine -> version, for the proof of complete inspection."""
        return engine_versions(self._engines)

    def warming(self) -> Iterator[None]:
        """Load the engines that most texts need, one a step, so that no request waits for them."""
        for language in _WARMED:
            if language in self._engines:
                self._engines[language].loaded()
                yield

    def findings(
        self,
        columns: Sequence[Column],
        labels: Sequence[ColumnLabel],
        found: Mapping[int, Mapping[int, Sequence[Finding]]],
        deadline: float | None = None,
        *,
        apart: bool = False,
    ) -> list[Finding]:
        """Findings in the cells that can hold prose, beside those `found` already.

        With `apart`, a name that one record holds is known in that record alone. Raises
        `DetectionIncomplete` when not all of it was read before `deadline` (`time.monotonic`), and
        `NotAlike` where a value would have other findings in other records.
        """
        cells = _cells(columns, found)
        forms = {text: readable(text) for text in dict.fromkeys(cells.values())}
        mentions = self._mentions([form.text for form in forms.values()], deadline)
        whole = {key: forms[text].text for key, text in cells.items()}
        known = people.People(_names(columns, labels, mentions))
        complete = Apart(columns, labels, whole, mentions).complete if apart else None
        return [
            _finding(*key, mention, forms[cells[key]], trade=_is_trade(labels[key[0]]))
            for key, text in whole.items()
            for mention in (
                complete(key, text)
                if complete is not None and known.named_in(text)
                else known.complete(text, mentions[text])
            )
        ]

    def _mentions(
        self, texts: Sequence[str], deadline: float | None
    ) -> dict[str, Sequence[Mention]]:
        """The mentions of every text, from the cache or read now."""
        known: dict[str, Sequence[Mention]] = {}
        fresh: list[str] = []
        for text in dict.fromkeys(texts):
            cached = self._cache.get(text)
            if cached is None:
                fresh.append(text)
            else:
                known[text] = cached
        amount = sum(map(len, fresh))
        if amount > self._max_characters:
            raise DetectionIncomplete(
                f"{amount} characters of text to read, {self._max_characters} allowed;"
                " send smaller batches or raise the limit"
            )
        for text, mentions in self._read(fresh, deadline).items():
            self._cache.put(text, mentions)
            known[text] = mentions
        return known

    def _read(self, texts: Sequence[str], deadline: float | None) -> dict[str, list[Mention]]:
        wanted: dict[str, list[str]] = {}
        for text in texts:
            for language in languages(text):
                if language in self._engines:
                    wanted.setdefault(language, []).append(text)
        known: dict[str, list[Mention]] = {text: [] for text in texts}
        for language, chosen in sorted(wanted.items(), key=lambda item: _ORDER.index(item[0])):
            forms: dict[str, list[str]] = {}
            for text in chosen:
                forms.setdefault(_own(language, text), []).append(text)
            for form, found in read(self._engines[language], list(forms), deadline):
                for text in forms[form]:
                    owned = [item for item in found if not _crosses(language, text, item)]
                    known[text] = merged(known[text], owned)
        return known


def _own(language: str, text: str) -> str:
    """What an engine is given: a guest in a Chinese text sees its own script, blanks elsewhere."""
    return without_dense(text) if language in ALPHABETIC else text


def _crosses(language: str, text: str, mention: Mention) -> bool:
    return language in ALPHABETIC and has_dense(text[mention.start : mention.end])


_ORDER: Final = (
    "ja",
    "zh",
    "ko",
    "th",
    *BY_RULES,
    "vi",
    "id",
    "en",
)  # the first to claim a span keeps it


def _cells(
    columns: Sequence[Column], found: Mapping[int, Mapping[int, Sequence[Finding]]]
) -> dict[Key, str]:
    """The cells to read."""
    cells: dict[Key, str] = {}
    for index, column in enumerate(columns):
        if not admits(column):
            continue
        here = found.get(index, {})
        for number, value in enumerate(column.values):
            if is_prose(uncovered(value, here[number]) if number in here else value):
                cells[index, number] = value
    return cells


def _names(
    columns: Sequence[Column],
    labels: Sequence[ColumnLabel],
    mentions: Mapping[str, Sequence[Mention]],
) -> Iterator[str]:
    """Names of persons that fields hold or engines found."""
    for column, named in zip(columns, labels, strict=True):
        if named.label is not None and named.label.label == "person_name":
            yield from (value.strip() for value in column.values)
    for text, found in mentions.items():
        yield from _persons(text, found)


def _persons(text: str, mentions: Sequence[Mention]) -> Iterator[str]:
    for mention in mentions:
        if mention.kind is Kind.PERSON:
            yield text[mention.start : mention.end]


class Apart:
    """The persons of each record by itself, for records that are looked at together."""

    def __init__(
        self,
        columns: Sequence[Column],
        labels: Sequence[ColumnLabel],
        cells: Mapping[Key, str],
        mentions: Mapping[str, Sequence[Mention]],
    ) -> None:
        """`cells`: the texts that were read, as they were read."""
        self._columns, self._labels = columns, labels
        self._cells, self._mentions = cells, mentions
        self._known: dict[int, people.People] = {}

    def complete(self, key: Key, text: str) -> list[Mention]:
        """The mentions of a text, with the persons of its record. Raises `NotAlike`."""
        found = [self._of(row).complete(text, self._mentions[text]) for row in self._rows(key)]
        if any(other != found[0] for other in found):
            raise NotAlike("a text names persons of one record and stands in another, too")
        return found[0]

    def _rows(self, key: Key) -> set[int]:
        column = self._columns[key[0]]
        return {row for row, ref in zip(column.rows, column.refs, strict=True) if ref == key[1]}

    def _of(self, row: int) -> people.People:
        known = self._known.get(row)
        if known is None:
            known = self._known[row] = people.People(self._names(row))
        return known

    def _names(self, row: int) -> Iterator[str]:
        """Names that the record's fields hold or engines found in it."""
        for index, column in enumerate(self._columns):
            here = {r for at, r in zip(column.rows, column.refs, strict=True) if at == row}
            label = self._labels[index].label
            named = label is not None and label.label == "person_name"
            for value in here:
                if named:
                    yield column.values[value].strip()
                if (text := self._cells.get((index, value))) is not None:
                    yield from _persons(text, self._mentions[text])


def _is_trade(named: ColumnLabel) -> bool:
    return named.label is not None and not named.label.personal


def _finding(column: int, value: int, mention: Mention, form: Canonical, *, trade: bool) -> Finding:
    """A mention as a finding. A bare place or organization points at nobody: it is only noted."""
    category, verdict = "pi_basic", Verdict.LIKELY
    if mention.kind is Kind.ORGANIZATION:
        category, verdict = "pi_work_edu", Verdict.UNKNOWN
    elif mention.kind is Kind.PLACE:
        address = is_address(form.text[mention.start : mention.end])
        category = "pi_delivery" if address else "pi_basic"
        verdict = Verdict.LIKELY if address else Verdict.UNKNOWN
    if trade:  # brands and products are often called like persons: 李宁, 张小泉
        verdict = Verdict.UNKNOWN
    start, end = form.span(mention.start, mention.end)
    return Finding(
        column=column,
        value=value,
        start=start,
        end=end,
        category=category,
        entity=mention.kind.value,
        level=level_of(category),
        verdict=verdict,
        score=_SCORES[verdict],
        detector=mention.reader,
        evidence=Evidence.VALUE,
    )
