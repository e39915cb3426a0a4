"""Which cells can hold prose: only those reach a model.

A cell is prose when it is text, and what no sure finding covers yet still holds words: two
neighbouring letters of a script that is written densely (Han, kana, Hangul, Ethiopic), three of
one with vowel signs (Thai, Lao, Khmer, Burmese, those of India), two words of an alphabet, or one
written like a name (`Phillip`) or a usual given name (`phillip`, `PHILLIP`). Numbers, dates, codes,
identifiers, URLs, base64 and other lone words in capitals or small letters hold none: they name a
person only where the field says so, and fields are read elsewhere. Keys are names of fields and are
not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from classifiers.model import CellKind, Column, Finding
from classifiers.text.titles import given_names

_SHORTEST: Final = 2  # characters
_DENSE: Final = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2}"
    "|[\u3040-\u30ff\uff66-\uff9f]{2}|[\uac00-\ud7a3]{2}|[\u0e00-\u0e7f]{3}"
    # Vowel signs are no letters to `re`, so words of these scripts would fall apart.
    "|[\u0900-\u0dff]{3}|[\u0e80-\u0eff]{3}|[\u1000-\u109f]{3}|[\u1780-\u17ff]{3}"
    "|[\u1200-\u137f]{2}"
)
# Letters with nothing of a URL, an address, a path or an identifier on either side.
_WORD: Final = re.compile(
    r"(?<![\w@/.+=&%#~-])[^\W\d_]{2,}(?:['’-][^\W\d_]{1,})*(?![\w@/+=&%~]|[.:-]\w)"
)
_SHORTEST_NAME: Final = 3


def admits(column: Column) -> bool:
    """Whether cells of this column may hold prose at all."""
    return column.kind is CellKind.TEXT


def is_prose(text: str) -> bool:
    """Whether a text can hold a sentence or a name among other things."""
    if len(text) < _SHORTEST:
        return False
    if not text.isascii() and _DENSE.search(text):
        return True
    words = _WORD.finditer(text)
    first = next(words, None)
    return first is not None and (next(words, None) is not None or _may_name(first[0]))


def _may_name(word: str) -> bool:
    if len(word) < _SHORTEST_NAME:
        return False
    return (word[0].isupper() and not word.isupper()) or word.lower() in given_names()


def uncovered(text: str, findings: Sequence[Finding]) -> str:
    """`text` with the spans of findings that policy must be asked about blanked."""
    chars = list(text)
    for finding in findings:
        if finding.verdict.treated:
            chars[finding.start : finding.end] = " " * (finding.end - finding.start)
    return "".join(chars)
