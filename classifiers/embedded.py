"""Fields inside a value: JSON, XML or a query string carried as text.

The names decide as they do for columns, but only names that leave no doubt; the findings are
spans of the value, escapes included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from classifiers.fields import Label, label_of
from classifiers.plausible import plausible

# Hyperscan expression that marks a text with fields in it.
SIGNAL: Final = r"[\"'][ ]{0,4}:|</[^ ]|[?&][A-Za-z_][A-Za-z0-9_.-]{0,60}="
_QUOTE: Final = r"\\{0,8}[\"']"
_PAIRS: Final = re.compile(
    rf"{_QUOTE}(?P<key>[^\"'\\:{{}}\[\]]{{1,60}}){_QUOTE}\s{{0,4}}:\s{{0,4}}"
    rf"(?:{_QUOTE}(?P<text>(?![{{\[])[^\"\\]{{1,400}}){_QUOTE}|(?P<number>[0-9][0-9.eE+-]{{0,30}}))"
    r"|<(?P<tag>[^\W\d][\w.-]{0,60})(?:\s[^<>]{0,200})?>(?P<body>[^<>]{1,400})</(?P=tag)\s{0,4}>"
    r"|[?&](?P<name>[A-Za-z_][\w.\[\]-]{0,60})=(?P<argument>[^&\s=]{1,400})(?=&|$)"
)


@dataclass(frozen=True, slots=True)
class EmbeddedField:
    """A personal field inside a text and the span of its value."""

    label: Label
    start: int
    end: int


def embedded_fields(text: str) -> Iterator[EmbeddedField]:
    """The fields of `text` whose names are personal without doubt."""
    for match in _PAIRS.finditer(text):
        name = match["key"] or match["tag"] or match["name"]
        group = next(kind for kind in _VALUES if match[kind] is not None)
        named = label_of(name)
        if named is None or named.weak or not named.label.personal:
            continue
        if plausible(named.label.label, match[group]):
            yield EmbeddedField(named.label, *match.span(group))


_VALUES: Final = ("text", "number", "body", "argument")
