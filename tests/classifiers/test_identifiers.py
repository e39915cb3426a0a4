"""Every identifier's module: its examples run, junk never matches, Presidio's rules hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import classifiers
from classifiers.classify import Classifier
from classifiers.detector import Detector
from classifiers.registry import default_registry
from classifiers.taxonomy import CATEGORIES
from tests.classifiers.batches import batch_of

MODULES = [
    importlib.import_module(info.name)
    for info in pkgutil.walk_packages(classifiers.__path__, "classifiers.")
    if not info.name.endswith("__main__")
]
DETECTORS = default_registry().detectors
JUNK = [
    "",
    " ",
    "0",
    "3²",
    "x\x00y",
    "\u212a" * 18,
    "١٢٣",
    "-" * 50,
    "中文" * 30,
    "\n\n",
    "nan",
    "1e9",
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_hold(module: ModuleType) -> None:
    """The examples in docstrings are the specification, so they run."""
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_detector_is_well_formed(detector: Detector) -> None:
    """Its category exists, its patterns compile, and its module documents it."""
    assert detector.category in CATEGORIES
    assert detector.patterns
    assert all(0 < pattern.score <= 1 for pattern in detector.patterns)
    assert all(word == word.lower() for word in detector.context)
    assert detector.entity.isupper()


def test_each_identifier_has_examples() -> None:
    """A module that defines a detector shows at least one value it accepts."""
    for module in MODULES:
        if isinstance(getattr(module, "DETECTOR", None), Detector):
            assert ">>>" in (module.__doc__ or ""), module.__name__


@pytest.mark.parametrize("text", JUNK)
def test_junk_gives_nothing(classifier: Classifier, text: str) -> None:
    """Junk is no exception and no finding."""
    findings = classifier.classify(batch_of([{"note": text}])).findings
    assert [finding for finding in findings if finding.verdict.treated] == []
