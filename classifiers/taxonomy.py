"""The categories of data and their statutory levels, as data.

The table follows GB/T 35273-2020 Annexes A and B, GB/T 45574-2025 Annex A, GB/T 43697-2024 and
CAC Order 16; each row carries its citation, how sure we are of it (A: official text read, B:
secondary source, K: general knowledge) and when it was checked. Government identifiers are
sensitive by default (35273 Annex B). How each standard names and grades a category is its `views`:
they differ, 35273 being older and broader. `important_candidate` never means important: a person
decides (Order 16 art 2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import msgspec

from classifiers.model import Level


class View(msgspec.Struct, frozen=True, rename={"class_": "class"}, forbid_unknown_fields=True):
    """A category as one standard sees it.

    `grade` is the least of GB/T 43697-2024 Annex H (1 to 4; 0 where only an authority grades).
    """

    class_: str
    grade: int | None = None
    sensitive: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One row of the taxonomy. `entity` is the Presidio name of its typical member."""

    id: str
    zh: str
    en: str
    level: Level
    entity: str
    citation: str
    confidence: str
    checked: str
    views: Mapping[str, View]  # standard -> how it names and grades the category

    @property
    def personal(self) -> bool:
        """Whether it is personal information (PIPL art 4)."""
        return self.level in (Level.PI, Level.SPI)


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    views = msgspec.convert(row["views"], dict[str, View])
    return {"level": Level(row["level"]), "views": MappingProxyType(views)}


def _load() -> Mapping[str, Category]:
    rows = json.loads(files("classifiers").joinpath("data/taxonomy.json").read_bytes())
    return MappingProxyType({row["id"]: Category(**{**row, **_typed(row)}) for row in rows})


CATEGORIES: Final[Mapping[str, Category]] = _load()


def level_of(category: str) -> Level:
    """The level of a category. Raises `KeyError` for an id that is not in the taxonomy."""
    return CATEGORIES[category].level
