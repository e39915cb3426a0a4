"""Text as an engine should read it: composed, no markup, nothing invisible, no fullwidth letters.

Not `classifiers.canonical`: that folds punctuation and the long-vowel sign, which names need.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from classifiers.canonical import Canonical

_WIDE: Final = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()
}
_CLUSTER: Final = re.compile(
    "[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]*|.", re.DOTALL
)


_TAG: Final = re.compile("<[/!a-zA-Z][^<>]*>")
# Of a tag only what a reader sees is text.
_SEEN: Final = re.compile(r"""(?<=[\s"'])(?:alt|title|placeholder|content|value)=(["'])(.*?)\1""")


def readable(text: str) -> Canonical:
    """The text to read, and where its characters stand in the original. Markup becomes blanks."""
    if "<" in text:
        text = _TAG.sub(lambda tag: _blank(tag[0]), text)
    if text.isascii():
        return Canonical(text, None)
    plain = text.translate(_WIDE)
    if unicodedata.is_normalized("NFC", plain) and not any(map(_invisible, plain)):
        return Canonical(plain, None)
    pieces = [
        (cluster.span(), unicodedata.normalize("NFC", cluster.group()))
        for cluster in _CLUSTER.finditer(plain)
    ]
    seen = [(char, span) for span, piece in pieces for char in piece if not _invisible(char)]
    return Canonical("".join(char for char, _ in seen), tuple(span for _, span in seen))


def _blank(tag: str) -> str:
    """As many blanks, but for what the tag shows."""
    chars = [" "] * len(tag)
    for seen in _SEEN.finditer(tag):
        chars[seen.start(2) : seen.end(2)] = seen[2]
    return "".join(chars)


def _invisible(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char) == "Cf"
