"""The taxonomy is complete and says where each row comes from."""

from __future__ import annotations

import datetime

import pytest

from classifiers.model import Level
from classifiers.taxonomy import CATEGORIES, level_of


def test_every_row_is_sourced() -> None:
    """Each category has both names, a citation, a confidence mark and a date."""
    for category in CATEGORIES.values():
        assert category.zh
        assert category.en
        assert category.citation
        assert category.confidence in {"A", "B", "K"}
        assert datetime.date.fromisoformat(category.checked)


def test_prefix_tells_the_level() -> None:
    """Ids and levels agree; government identifiers are the one stated exception."""
    for name, category in CATEGORIES.items():
        if name == "pi_gov_id":
            assert category.level is Level.SPI
            continue
        expected = {
            "pi": Level.PI,
            "spi": Level.SPI,
            "biz": Level.GENERAL,
            "imp": Level.IMPORTANT_CANDIDATE,
            "core": Level.CORE,
        }
        assert category.level is expected[name.split("_")[0]]


def test_content_alone_never_makes_data_important() -> None:
    """No category is `important`: only a person assigns that (Order 16 art 2)."""
    assert all(category.level is not Level.IMPORTANT for category in CATEGORIES.values())


def test_unknown_category_is_an_error() -> None:
    """A misspelt id never gets a default level."""
    with pytest.raises(KeyError):
        level_of("pi_bacis")


def test_views_of_the_standards() -> None:
    """Every category has a grade; personal ones at least 2, sensitive ones 4 (Annex H)."""
    for category in CATEGORIES.values():
        grade = category.views["GB/T 43697-2024"].grade
        assert grade is not None
        if category.personal:
            assert grade == (4 if category.level is Level.SPI else 2), category.id
            assert category.views["GB/T 35273-2020"].class_
    classes = {c.id for c in CATEGORIES.values() if "GB/T 45574-2025" in c.views}
    assert "spi_health" in classes
    assert "pi_gov_id" not in classes  # 45574 lists the photo, 35273 the number
