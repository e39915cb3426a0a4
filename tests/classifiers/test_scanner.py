"""The scanner finds what the patterns find: no more, no less, whatever surrounds a value."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import hyperscan
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import database
from classifiers.detector import FLAGS, Detector, Pattern
from classifiers.expression import Expression, expression, max_width
from classifiers.model import DetectionIncomplete, Verdict
from classifiers.registry import default_registry
from classifiers.scanner import Scanner

DETECTORS = default_registry().detectors
SCANNER = Scanner(DETECTORS, most=24)
# Pieces that build near misses: digits, separators, neighbours of every script.
SOME = DETECTORS[::12]
MIXED = Scanner([replace(item, adopted=bool(n % 2)) for n, item in enumerate(SOME)], most=24)
WORDS = (
    "0 1 2 3 4 5 6 7 8 9 138 0013 8000 11010519491231002X 4111111111111111 a@b.com ::1 192.168. . -"
    " , x X @ 中 é \u200b 😀 % 广东省 深圳市 科苑路 15号 3栋 京A 군 ก 密码： P<UTO << +65 sk- eyJ"
    " wxid_abcdefghij 39.9042"
)
PIECES = st.sampled_from([*WORDS.split(" "), " ", "\n"])
TEXTS = st.lists(PIECES, max_size=24).map("".join)


compiled = functools.lru_cache(maxsize=None)(regex.compile)


def expected(
    texts: list[str], detectors: Sequence[Detector] = DETECTORS
) -> set[tuple[int, int, int, str]]:
    """What the `regex` module finds, value by value: an oracle that knows nothing of Hyperscan."""
    return {
        (index, *match.span(), detector.name)
        for index, text in enumerate(texts)
        for detector in detectors
        for pattern in detector.patterns
        for match in compiled(pattern.regex, detector.flags).finditer(text)
        if match.group()
    }


def found(scanner: Scanner, texts: list[str]) -> set[tuple[int, int, int, str]]:
    """The scanner's matches in the same form."""
    return {
        (index, match.start, match.end, match.detector.name)
        for index, matches in scanner.scan(texts).matches.items()
        for match in matches
    }


@settings(max_examples=200)
@given(st.lists(TEXTS, min_size=1, max_size=6, unique=True))
def test_same_as_the_regex_module(texts: list[str]) -> None:
    """Joined cells give exactly the matches that each cell gives alone."""
    assert found(SCANNER, texts) == expected(texts)


@settings(max_examples=100)
@given(st.lists(TEXTS, min_size=1, max_size=6, unique=True))
def test_what_is_compiled_apart_is_found_all_the_same(texts: list[str]) -> None:
    """Adopted detectors have databases of their own; matches stay in the order of the texts."""
    assert found(MIXED, texts) == expected(texts, SOME)
    assert list(MIXED.candidates(texts)) == sorted(MIXED.candidates(texts))


@settings(max_examples=15)
@given(st.lists(TEXTS, min_size=1, max_size=3, unique=True), st.integers(100, 300))
def test_long_texts_are_searched_alike(texts: list[str], repeat: int) -> None:
    """Above the length where only neighbourhoods are searched nothing is lost or added."""
    padded = [f"{text}，中文 filler 12:30 " * repeat + text for text in texts]
    padded = [text[:6_000] for text in padded]
    assert found(SCANNER, padded) == expected(padded)


def test_cells_do_not_join() -> None:
    """A number cut in two cells is in neither, and a whole one between digits is found."""
    assert "cn.mobile" not in {name for *_, name in found(SCANNER, ["1380013", "8000"])}
    assert (1, 0, 11, "cn.mobile") in found(SCANNER, ["9", "13800138000", "7"])


@pytest.mark.parametrize("unit", ["1", "a@", "1.", ":", "13", "1 ", "@a.", "１", "[", "a."])
def test_hostile_text_is_no_slower_per_character(unit: str) -> None:
    """Doubling a hostile text must not quadruple the candidates that are looked at."""
    counts = []
    for size in (4_000, 8_000):
        text = (unit * size)[:size]
        hits = SCANNER.candidates([text]).get(0, {})
        counts.append(sum(map(len, hits.values())))
    assert counts[1] <= 2 * counts[0] + 64


@pytest.mark.parametrize(
    "unit", ["1", "a.", "中1号", "1 ", "-1", "a@", "Aa1", "省市", "：1", "1,1 "]
)
def test_our_patterns_need_no_time_limit(unit: str) -> None:
    """In texts that are searched whole each ends by itself, long before the limit set here."""
    text = (unit * 2_000)[:2_000]
    for detector in DETECTORS:
        for pattern in detector.patterns:
            for _ in compiled(pattern.regex, detector.flags).finditer(text, timeout=30.0):
                pass


def test_a_pattern_without_limit_is_refused() -> None:
    """What cannot be confirmed in linear time is refused at load, by name."""
    greedy = Detector(
        name="team.greedy",
        category="pi_basic",
        entity="X",
        patterns=(Pattern("all", "a+b", 0.5),),
        verify=lambda _: Verdict.LIKELY,
    )
    with pytest.raises(ValueError, match=r"team\.greedy.*'all'.*bound its repeats"):
        Scanner([greedy])


def test_deadline_stops_the_scan() -> None:
    """Late is not clean."""
    with pytest.raises(DetectionIncomplete, match="deadline"):
        SCANNER.scan(["13800138000"], deadline=time.monotonic() - 1)


def test_threads_share_a_scanner() -> None:
    """Hyperscan scratch space is per thread."""
    results: list[set[tuple[int, int, int, str]]] = []
    texts = [f"tel 1380013{n:04d}" for n in range(2000)]
    workers = [threading.Thread(target=lambda: results.append(found(SCANNER, texts)))
               for _ in range(4)]  # fmt: skip
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(results) == 4
    mobiles = [sum(name == "cn.mobile" for *_, name in result) for result in results]
    assert mobiles == [2000] * 4


def test_whole_text_anchors_hold_per_cell() -> None:
    r"""`\A` and `\Z` mean the cell's edges, not the batch's."""
    anchored = Detector(
        name="team.anchored",
        category="pi_basic",
        entity="X",
        patterns=(Pattern("exact", r"\AEMP[0-9]{4}\Z", 0.5),),
        verify=lambda _: Verdict.LIKELY,
    )
    scanner = Scanner([anchored])
    assert found(scanner, ["EMP0001", "xEMP0001", "EMP0002"]) == {
        (0, 0, 7, "team.anchored"),
        (2, 0, 7, "team.anchored"),
    }


def test_expression_is_exact_for_guarded_patterns() -> None:
    """The common form needs no prefilter flag; another form gets it."""
    exact = expression(r"(?<![0-9])[0-9]{3}(?![0-9])", FLAGS)
    assert exact.source == b"[^0-9](?:[0-9]{3})[^0-9]"
    assert not exact.flags & hyperscan.HS_FLAG_PREFILTER
    assert expression(r"\b\d{3}\b", FLAGS).flags & hyperscan.HS_FLAG_PREFILTER


def test_widths() -> None:
    """Finite, infinite, inline flags."""
    assert max_width(r"(?i)a{2,5}(?:bc)?") == 7
    assert max_width(r"(?<=x{3})ab(?!c+)") == 2
    assert max_width(r"a*") is None


def test_cache_is_used_and_never_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good file is loaded, a damaged one rebuilt, a folder in the way only costs time."""
    few = DETECTORS[:6]
    Scanner(few, tmp_path)
    (file,) = tmp_path.glob("*.hsdb")
    good = file.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(database, "_compile", lambda _: pytest.fail("compiled again"))
        Scanner(few, tmp_path)
    for bad in (b"", good[:-1], good[:40] + b"\x00" + good[41:], b"\x00" * len(good)):
        file.write_bytes(bad)
        assert found(Scanner(few, tmp_path), ["13800138000"])
        assert file.read_bytes() == good
    occupied = tmp_path / "file"
    occupied.write_bytes(b"")
    assert found(Scanner(few, occupied), ["13800138000"])


def test_a_change_of_adopted_detectors_compiles_theirs_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the words that speak for them change."""
    shipped = [item for item in DETECTORS if item.name in ("cn.mobile", "net.email")]
    words = {"shipped": [expression("mobil", 0)]}
    Scanner(shipped, tmp_path, words)
    compiling: list[int] = []
    compiler = database._compile

    def counted(expressions: Mapping[int, Expression]) -> object:
        compiling.append(len(expressions))
        return compiler(expressions)

    monkeypatch.setattr(database, "_compile", counted)
    team = Detector(
        name="team.badge",
        category="pi_basic",
        entity="BADGE",
        patterns=(Pattern("badge", "BDG-[0-9]{4}", 0.9),),
        verify=lambda _: Verdict.CONFIRMED,
        adopted=True,
    )
    scanner = Scanner(
        [team, *shipped], tmp_path, {"own": [expression("badge", 0)], **words}, added={"own"}
    )
    assert compiling == [2]
    assert found(scanner, ["badge BDG-1234"]) == {(0, 6, 14, "team.badge")}
    assert scanner.scan(["badge", "mobil"]).signals == {0: {"own"}, 1: {"shipped"}}
