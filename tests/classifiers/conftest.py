"""One compiled classifier for all tests of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.classify import Classifier
from classifiers.registry import default_registry


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the compiled database is kept during the run."""
    return tmp_path_factory.mktemp("hyperscan")


@pytest.fixture(scope="session")
def classifier(cache_dir: Path) -> Classifier:
    """The shipped detectors."""
    return Classifier(default_registry(), cache_dir=cache_dir)
