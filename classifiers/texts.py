"""The texts of a column that are scanned, and the way back to its values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from classifiers.canonical import Canonical, canonical
from classifiers.encodings import decoded


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts to scan for one column, and which of its values each comes from."""

    values: Sequence[str]
    numbers: Sequence[int]
    forms: Sequence[Canonical] | None = None
    positions: Sequence[int] = ()  # of a selection: where each text stood before

    @classmethod
    def plain(cls, values: Sequence[str]) -> Texts:
        """The values as they stand."""
        return cls(values, range(len(values)))

    @classmethod
    def hidden(
        cls, values: Sequence[str], spaced: Collection[int], encoded: Collection[int]
    ) -> Texts:
        """Canonical forms and decodings that differ from their values.

        `spaced` and `encoded` name the ASCII values worth folding and the values worth decoding.
        """
        found = [
            (number, form)
            for number, value in enumerate(values)
            if number in spaced or number in encoded or not value.isascii() or "\n" in value
            for form in _forms(value, encoded=number in encoded)
        ]
        forms = [form for _, form in found]
        return cls([form.text for form in forms], [number for number, _ in found], forms)

    def only(self, chosen: Sequence[int]) -> Texts:
        """The texts at these positions."""
        return Texts(
            [self.values[index] for index in chosen],
            [self.numbers[index] for index in chosen],
            None if self.forms is None else [self.forms[index] for index in chosen],
            chosen,
        )

    def span(self, index: int, start: int, end: int) -> tuple[int, int]:
        """A span of a text as a span of its original value."""
        return (start, end) if self.forms is None else self.forms[index].span(start, end)


def _forms(value: str, *, encoded: bool) -> Iterator[Canonical]:
    """The other forms of `value`: canonical, decoded, and both."""
    form = canonical(value)
    if form.text != value:
        yield form
    for plain in decoded(value) if encoded else ():
        yield plain
        folded = canonical(plain.text)
        if folded.text != plain.text:
            spans = [plain.span(*folded.span(at, at + 1)) for at in range(len(folded.text))]
            yield Canonical(folded.text, spans)
