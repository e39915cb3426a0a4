"""Which cells can hold prose: only those reach a model.

A cell is prose when it is text, and what no sure finding covers yet still holds words: two
neighbouring letters of a script that is written without spaces or in syllable blocks (Han, kana,
Hangul, Thai), or two words of an alphabet. Numbers, dates, codes, identifiers, URLs, base64 and
single alphabetic words hold none: a lone word names a person only where the field says so, and
fields are read elsewhere. Keys are names of fields and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from classifiers.model import CellKind, Column, Finding

_SHORTEST: Final = 2  # characters
_DENSE: Final = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2}"
    "|[\u3040-\u30ff\uff66-\uff9f]{2}|[\uac00-\ud7a3]{2}|[\u0e00-\u0e7f]{3}"
)
# Letters with nothing of a URL, an address, a path or an identifier on either side.
_WORD: Final = re.compile(
    r"(?<![\w@/.+=&%#~-])[^\W\d_]{2,}(?:['’-][^\W\d_]{1,})*(?![\w@/+=&%~]|[.:-]\w)"
)
_WORDS_OF_PROSE: Final = 2


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
    return all(next(words, None) is not None for _ in range(_WORDS_OF_PROSE))


def uncovered(text: str, findings: Sequence[Finding]) -> str:
    """`text` with the spans of findings that policy must be asked about blanked."""
    chars = list(text)
    for finding in findings:
        if finding.verdict.treated:
            chars[finding.start : finding.end] = " " * (finding.end - finding.start)
    return "".join(chars)
