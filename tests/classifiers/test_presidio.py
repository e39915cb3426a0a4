"""Our detectors in Presidio, Presidio's recognizers in ours: the same matches."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import Pattern, PatternRecognizer, predefined_recognizers

from classifiers.classify import Classifier
from classifiers.detector import Detector
from classifiers.expression import max_width
from classifiers.model import Verdict
from classifiers.presidio import DetectorRecognizer, adopt, recognizers
from classifiers.registry import Registry, default_registry
from classifiers.scanner import Scanner
from classifiers.team import adopt_yaml
from tests.classifiers.batches import batch_of


def presidio_recognizers() -> list[PatternRecognizer]:
    """Every predefined pattern recognizer that can be built with no arguments."""
    found = []
    for _, item in inspect.getmembers(predefined_recognizers, inspect.isclass):
        if issubclass(item, PatternRecognizer) and item is not PatternRecognizer:
            found.append(item())
    return found


def bounded(recognizer: PatternRecognizer) -> bool:
    """Whether each of its patterns has a widest match, so that we take it as it is."""
    return all(
        max_width(pattern.regex, recognizer.global_regex_flags) is not None
        for pattern in recognizer.patterns
    )


THEIRS = [recognizer for recognizer in presidio_recognizers() if bounded(recognizer)]
ADOPTED = [adopt(recognizer, category="pi_gov_id") for recognizer in THEIRS]
SCANNER = Scanner(ADOPTED, most=16)
WORDS = (
    "0 1 2 3 4 5 6 7 8 9 12 123 1234 4111111111111111 536-90-4399 A B C X Z AB é ß ſ K 中 я ١ - . /"
    " : , ( ) 00:1A:2B:3C:4D:5E S1234567D bc1 0x 192.168.0.1 2001:db8::1 _ DE ES GB"
)
PIECES = st.sampled_from([*WORDS.split(), " ", "\n"])
TEXTS = st.lists(PIECES, max_size=20).map("".join)


def theirs(text: str) -> set[tuple[str, int, int]]:
    """What Presidio's own loop finds before context and overlap."""
    return {
        (f"team.{recognizer.name}", result.start, result.end)
        for recognizer in THEIRS
        for result in recognizer.analyze(text, recognizer.supported_entities)
    }


def ours(texts: list[str]) -> list[set[tuple[str, int, int]]]:
    """What the scanner finds and does not refute."""
    found: list[set[tuple[str, int, int]]] = [set() for _ in texts]
    for index, matches in SCANNER.scan(texts).matches.items():
        for match in matches:
            if match.verdict is not Verdict.REFUTED:
                found[index].add((match.detector.name, match.start, match.end))
    return found


@settings(max_examples=100)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_same_matches_as_presidio(texts: list[str]) -> None:
    """Raw text, every recognizer of Presidio's that is bounded, joined cells or not."""
    for text, found in zip(texts, ours(texts), strict=True):
        # Presidio drops a result that lies within another of the same recognizer and score.
        assert theirs(text) <= found
        for name, start, end in found - theirs(text):
            assert any(n == name and s <= start and end <= e for n, s, e in theirs(text))


def test_most_of_presidio_is_taken() -> None:
    """Few recognizers have patterns without limit."""
    assert len(THEIRS) >= 0.8 * len(presidio_recognizers())


@pytest.mark.parametrize("detector", default_registry().detectors, ids=lambda d: d.name)
def test_ours_as_recognizers(detector: Detector) -> None:
    """Each detector is a recognizer that never says False and names its entity."""
    recognizer = DetectorRecognizer(detector)
    assert recognizer.supported_entities == [detector.entity]
    assert recognizer.to_dict()["patterns"]


def test_verdict_in_the_metadata() -> None:
    """A failed check lowers, it does not hide."""
    (resident,) = [r for r in recognizers() if r.name == "cn.resident_id"]
    good, bad = (
        resident.analyze(text, resident.supported_entities)[0]
        for text in ("号码11010519491231002X", "110105194912310021")
    )
    assert (good.score, good.recognition_metadata["verdict"]) == (1.0, "confirmed")
    assert (bad.score, bad.recognition_metadata["verdict"]) == (0.5, "unknown")


def test_a_teams_recognizer_runs() -> None:
    """Python and YAML; validation, context and entity come along."""

    class Badge(PatternRecognizer):  # type: ignore[misc]
        def validate_result(self, pattern_text: str) -> Any:
            return int(pattern_text[-2:]) % 7 == 0

    badge = Badge("EMPLOYEE", name="badge", patterns=[Pattern("badge", r"\bEMP\d{6}\b", 0.4)])
    file = (
        "recognizers:\n  - name: rack\n    supported_entity: RACK\n    type: custom\n"
        "    patterns:\n      - {name: rack, regex: 'R-\\d{4}', score: 0.8}\n"
    )
    team = [adopt(badge), *adopt_yaml(file, "team.yaml", categories={"RACK": "imp_infra"})]
    classifier = Classifier(Registry(tuple(team)))
    batch = batch_of([{"x": "EMP000014 EMP000015 R-1234"}])
    assert [(f.category, f.start, f.verdict) for f in classifier.classify(batch).findings] == [
        ("pi_employee_hr", 0, Verdict.CONFIRMED),
        ("imp_infra", 20, Verdict.LIKELY),
    ]


def test_unknown_entity_needs_a_category() -> None:
    """No default: a team says what its entity is."""
    odd = PatternRecognizer("ODDITY", patterns=[Pattern("odd", "odd", 0.5)])
    with pytest.raises(ValueError, match="ODDITY belongs to no category"):
        adopt(odd)
