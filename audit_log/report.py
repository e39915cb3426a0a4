"""What verification says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """What kind of fault a problem is."""

    TAMPERED = "tampered"  # bytes are not those that were chained, tiled or signed
    INCOMPLETE = "incomplete"  # something that was signed is missing
    UNACCOUNTED = "unaccounted"  # outcomes and exports do not match
    UNWITNESSED = "unwitnessed"  # the witness policy is not met


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `index` is the first entry it may concern, None where it concerns no entry."""

    code: Code
    index: int | None
    what: str


class Damage(Exception):
    """Ends the reading of a log: what lies behind the first damage cannot be judged."""

    def __init__(self, code: Code, index: int | None, what: str) -> None:
        super().__init__(what)
        self.problem = Problem(code, index, what)


@dataclass(frozen=True, slots=True)
class Report:
    """The answer. `size` and `root` are those of the published checkpoint."""

    ok: bool
    size: int
    root: str
    first_bad: int | None
    problems: Sequence[Problem]
    checked: Mapping[str, int]  # entries, tiles, checkpoints; unsigned entries, torn bytes
    kinds: Mapping[str, int]
    outcomes: Mapping[str, int]  # by status; `unfinished` counts exports with none

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON types."""
        return asdict(self)
