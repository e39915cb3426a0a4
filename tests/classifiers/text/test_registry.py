"""Prose within the whole classification: on and off by the registry, proven in the inspection."""

import pytest

from classifiers.classify import Classifier
from classifiers.model import Batch, CellKind, Column
from classifiers.registry import Registry, default_registry
from classifiers.text.engines import default_engines

NOTE = "请把包裹交给王女士"


@pytest.fixture(scope="module")
def engines_only() -> Classifier:
    """No patterns, all engines."""
    return Classifier(Registry((), default_engines()))


def batch(text: str) -> Batch:
    """One record with one note."""
    column = Column("/note", "note", CellKind.TEXT, [text], [0], [0], [0])
    return Batch([column], 1, len(text.encode()))


def test_engines_are_a_choice_of_the_registry(engines_only: Classifier) -> None:
    """With engines a note's person is found, without them it is not."""
    found = engines_only.classify(batch(NOTE)).findings
    assert [NOTE[item.start : item.end] for item in found] == ["王女士"]
    assert not Classifier(Registry(())).classify(batch(NOTE)).findings


def test_the_proof_names_the_engines(engines_only: Classifier) -> None:
    """An inspection lists every engine that may have read, and only where they read."""
    run = engines_only.classify(batch(NOTE)).inspection.detectors
    assert {"text.zh", "text.ja", "text.en", "text.people"} <= set(run)
    value = engines_only.classify(batch(NOTE), evidence="value")
    assert "text.zh" not in value.inspection.detectors
    assert not value.findings


def test_the_default_registry_reads_prose() -> None:
    """It can be asked not to."""
    assert "text.zh" in default_registry().versions
    assert "text.zh" not in default_registry(text=False).versions
    assert default_registry().extended([]).engines
