"""The patterns that confirm candidates, ready to search, and how wide their matches can be.

The `regex` module reads patterns in Python, once to compile one and once more for its width: half
a second for a registry's. So what it would pickle of its compiled patterns (plain data, here
without pickle) is kept on disk by the hash of what went into it.
"""

from __future__ import annotations

import copyreg
import hashlib
import json
import platform
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import regex
from regex import _regex

from classifiers import kept
from classifiers.expression import max_width

Source = tuple[str, int]  # a pattern and its flags
# Pattern, flags, code, groups by name, names by group, named lists and their numbers (none), and
# the characters that every match holds: offset, characters, flags; number of groups.
_Data = tuple[
    str,
    int,
    bytes,
    dict[str, int],
    dict[int, str],
    dict[str, int],
    tuple[int, ...],
    int,
    tuple[int, ...],
    int,
    int,
]
_LISTS: Final = 6  # where in it the named lists' numbers stand
_DECODER: Final = msgspec.msgpack.Decoder(list[tuple[_Data, int | None]])


class Searcher(NamedTuple):
    """One compiled pattern."""

    pattern: Any
    width: int | None  # code points of its longest match; None where there is no limit


def load(sources: Sequence[Source], cache_dir: Path | None) -> list[Searcher]:
    """The searchers of `sources`. Raises `regex.error` for a pattern that does not parse."""
    if cache_dir is None:
        return [Searcher(*_made(source)) for source in sources]
    path = cache_dir / f"{_key(sources)}.patterns"
    known = _read(path, sources)
    if known is not None:
        return known
    both = [_made(source) for source in sources]
    if (data := _data([made for made, _ in both])) is not None:
        widths = [width for _, width in both]
        kept.write(path, msgspec.msgpack.encode(list(zip(data, widths, strict=True))))
    return [Searcher(*each) for each in both]


@lru_cache(maxsize=1024)
def _made(source: Source) -> tuple[Any, int | None]:
    """Another scanner of the same patterns, as after a reload, finds them compiled."""
    return regex.compile(*source), max_width(*source)


def _key(sources: Sequence[Source]) -> str:
    """Content hash over the patterns, the library and the machine."""
    parts = [version("regex"), platform.machine(), sys.byteorder, list(sources)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _data(compiled: Sequence[Any]) -> list[tuple[Any, ...]] | None:
    """What is pickled of the patterns, None where one holds what is not kept."""
    found: list[tuple[Any, ...]] = []
    for each in compiled:
        data: Any = copyreg.dispatch_table[type(each)](each)[1]
        if data[_LISTS]:
            return None
        found.append(data)
    return found


def _read(path: Path, sources: Sequence[Source]) -> list[Searcher] | None:
    """The searchers kept in `path`, None if it holds others, is damaged or of another form."""
    body = kept.read(path)
    if body is None:
        return None
    try:
        found = _DECODER.decode(body)
        if [data[0] for data, _ in found] != [pattern for pattern, _ in sources]:
            return None
        return [Searcher(_compiled(data), width) for data, width in found]
    except (msgspec.DecodeError, RuntimeError, TypeError, ValueError):
        return None


def _compiled(data: _Data) -> Any:
    numbers = list(data[_LISTS])
    return _regex.compile(*data[:_LISTS], numbers, *data[_LISTS + 1 :])
