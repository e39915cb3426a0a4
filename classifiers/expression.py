"""Patterns of the `regex` module as Hyperscan expressions that miss none of their matches.

Hyperscan reads UTF-8 bytes and knows no look-around. A pattern of the common form
`(?<![class])body(?![class])`, all ASCII, becomes `[^class]body[^class]` on bytes: exact, because
the scanner puts a separator before, between and after the values. Any other pattern is compiled
with HS_FLAG_PREFILTER, which over-matches and never under-matches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import hyperscan
import regex
from regex import _regex_core as core

from classifiers.detector import FLAGS

SEPARATOR: Final = "\n"
_CLASS: Final = r"\[((?!\^)[\x00-\x5b\x5e-\x7f]+)\]"  # a plain positive ASCII class
_LOOK: Final = re.compile(r"\(\?<?[=!]")
_REPEAT: Final = re.compile(r"\{([0-9]+),([0-9]+)\}")
_JOINT: Final = re.compile(r"\\ |\\-|'|’|_")  # what stands between words, escaped
COMPOUNDED: Final = 6  # letters from which a word may begin a longer one: `Steuernummer`
_LONG_REPEAT: Final = 32
_GUARDED: Final = re.compile(rf"\(\?<!{_CLASS}\)(.+)\(\?!{_CLASS}\)", re.DOTALL)
_NOT_BYTEWISE: Final = re.compile(r"\\[A-Za-z]|\(\?[^:]|\[|(?<!\\)[.^$]")
_WHOLE_TEXT: Final = {r"\A": "^", r"\Z": "$", r"\z": "$"}
_TOKEN: Final = re.compile(r"\\u[0-9A-Fa-f]{4}|\\.|[^\\]+", re.DOTALL)
_INFINITE: Final = core.UNLIMITED


@dataclass(frozen=True, slots=True)
class Expression:
    """A Hyperscan expression; a reported end lies `trail` bytes after the match's last byte."""

    source: bytes
    flags: int
    trail: int


def expression(pattern: str, flags: int) -> Expression:
    """What to compile for `pattern` under the `regex` module's `flags`."""
    caseless = hyperscan.HS_FLAG_CASELESS if flags & regex.IGNORECASE else 0
    guarded = _GUARDED.fullmatch(pattern)
    if guarded and pattern.isascii() and _bytewise(guarded[2]):
        before, body, after = guarded.groups()
        return Expression(f"[^{before}](?:{_loosened(body)})[^{after}]".encode(), caseless, 1)
    source = "".join(_translated(token) for token in _TOKEN.findall(_loosened(pattern))).encode()
    mode = hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_MULTILINE
    if flags & regex.ASCII and _bytewise(_LOOK.sub("(?:", _loosened(pattern))):
        return Expression(source, caseless | mode, 0)
    dotall = hyperscan.HS_FLAG_DOTALL if flags & regex.DOTALL else 0
    unicode = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP
    return Expression(source, caseless | dotall | unicode | mode, 0)


def _bytewise(body: str) -> bool:
    """Whether `body` means the same on UTF-8 bytes: no classes but plain ASCII ones."""
    return not _NOT_BYTEWISE.search(re.sub(rf"{_CLASS}|\\[^A-Za-z0-9]", "", body))


def _loosened(pattern: str) -> str:
    """`pattern` with long repeats left open and no atomic groups, which matches no less."""
    pattern = pattern.replace("(?>", "(?:")
    return _REPEAT.sub(
        lambda found: f"{{{found[1]},}}" if int(found[2]) > _LONG_REPEAT else found[0], pattern
    )


def _translated(token: str) -> str:
    """A token of a pattern as Hyperscan writes it."""
    if len(token) == len(r"\u0000") and token.startswith(r"\u"):
        return rf"\x{{{token[2:]}}}"
    return _WHOLE_TEXT.get(token, token)


def marker(source: str) -> Expression:
    """An expression on bytes, as it stands; it ends at the last byte or one after it."""
    return Expression(source.encode(), 0, 1)


def phrase(text: str) -> Expression:
    """An expression that finds `text` in any case, its words apart, together or joined by a sign.

    One of Latin letters is found as whole words, a long one also where more letters follow.
    """
    source = spelled(text)
    if text.isascii():
        end = "" if len(text) >= COMPOUNDED else "[^a-z]"
        return Expression(f"[^a-z]{source}{end}".encode(), hyperscan.HS_FLAG_CASELESS, 1)
    flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_CASELESS
    return Expression(source.encode(), flags, 1)


def spelled(text: str) -> str:
    """A pattern of `text` as file formats write it too: `rodne_cislo`, `id-card`, `taxNumber`."""
    return _JOINT.sub("[ _.'’-]?", re.escape(text))


def max_width(pattern: str, flags: int = FLAGS) -> int | None:
    """The longest match in code points, None when there is no limit.

    Raises `regex.error` for a pattern that does not parse.
    """
    while True:
        try:
            return _parsed_width(pattern, flags)
        except core._UnscopedFlagSet as restart:  # the pattern sets flags for itself: `(?i)…`
            flags = restart.args[0]


def _parsed_width(pattern: str, flags: int) -> int | None:
    source = core.Source(pattern)
    info = core.Info(flags, source.char_type, {})
    info.guess_encoding = regex.UNICODE
    source.ignore_space = bool(info.flags & regex.VERBOSE)
    node = core._parse_pattern(source, info)
    node.fix_groups(pattern, False, False)
    width: int = node.max_width()
    return None if width >= _INFINITE else width
