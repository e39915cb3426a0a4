"""Compiled patterns kept on disk: the same matches, and never another's or a damaged one's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers import searchers
from classifiers.detector import ASCII_FLAGS, FLAGS
from classifiers.expression import max_width
from classifiers.registry import default_registry
from classifiers.searchers import Searcher, Source, load

_SOURCES: list[Source] = list(
    dict.fromkeys(
        (pattern.regex, detector.flags)
        for detector in default_registry().detectors
        for pattern in detector.patterns
    )
)
_PARTS = ("13800138000", "11010519491231002X", "张小丰", "广东省深圳市南山区科苑路15号", "@")
_TEXTS = st.lists(st.sampled_from((*_PARTS, *"0159Xx-./ +:中a\n")), max_size=12).map("".join)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> list[Searcher]:
    """The registry's searchers as the second start has them."""
    folder = tmp_path_factory.mktemp("cache")
    load(_SOURCES, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searchers, "_made", _never)
        return load(_SOURCES, folder)


def _never(source: Source) -> Any:
    raise AssertionError(f"{source} was compiled again")


@given(text=_TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_finds_the_same(again: list[Searcher], text: str) -> None:
    """Every pattern of the registry matches what it matches when it is compiled afresh."""
    for (pattern, flags), searcher in zip(_SOURCES, again, strict=True):
        fresh = [match.span() for match in regex.compile(pattern, flags).finditer(text)]
        assert [match.span() for match in searcher.pattern.finditer(text)] == fresh


def test_widths_are_kept(again: list[Searcher]) -> None:
    """The widest match of each is that of the pattern."""
    assert [each.width for each in again] == [max_width(*source) for source in _SOURCES]


@pytest.mark.parametrize("spoiled", [b"", b"\0" * 64, None])
def test_a_damaged_file_is_made_again(tmp_path: Path, spoiled: bytes | None) -> None:
    """Cut, overwritten or with a bit turned, it is as if it were not there."""
    sources = [(r"[0-9]{4}", FLAGS), (r"[a-z]+", ASCII_FLAGS)]
    load(sources, tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if spoiled is None else spoiled)
    first, second = load(sources, tmp_path)
    assert [match[0] for match in first.pattern.finditer("a1234")] == ["1234"]
    assert (first.width, second.width) == (4, None)
    assert path.read_bytes() == whole


def test_the_file_of_other_patterns_is_refused(tmp_path: Path) -> None:
    """A sound file in the wrong place says nothing."""
    mine, other = [(r"[0-9]{4}", FLAGS)], [(r"[a-z]{4}", FLAGS)]
    load(mine, tmp_path)
    (place,) = tmp_path.iterdir()
    load(other, tmp_path)
    (strange,) = set(tmp_path.iterdir()) - {place}
    place.write_bytes(strange.read_bytes())
    assert [match[0] for match in load(mine, tmp_path)[0].pattern.finditer("abcd1234")] == ["1234"]


def test_named_lists_are_not_kept(tmp_path: Path) -> None:
    """A pattern with a list of words from outside it cannot be told from one with another list."""
    compiled = regex.compile(r"\L<words>", words=["a"])
    assert searchers._data([compiled]) is None
