"""Scale: what is said of very many persons weighs more than what is said of one (GB/T 43697-2024).

From which number of persons on is data, `data/scales.json`. Scale changes no category and no level,
since only a person finds data important (Order 16 art 2): it is the finding's reason, which policy
may hold the export on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import msgspec

from classifiers.model import Finding


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From `persons` on, `categories` (or levels) are a matter of scale. `code` is stable."""

    code: str
    categories: tuple[str, ...]
    persons: int
    en: str
    zh: str
    citation: str
    confidence: str
    checked: str

    def covers(self, finding: Finding) -> bool:
        """Whether the rule is about what was found."""
        return finding.category in self.categories or finding.level.value in self.categories


@lru_cache(maxsize=1)
def scales() -> tuple[Scale, ...]:
    """Every rule, the strictest first."""
    rows = files("classifiers").joinpath("data/scales.json").read_bytes()
    return tuple(sorted(msgspec.json.decode(rows, type=list[Scale]), key=_strictness))


def at_scale(findings: list[Finding], persons: int) -> list[Finding]:
    """`findings` of `persons` people, with the scale as their reason where they have no other."""
    reached = [rule for rule in scales() if persons >= rule.persons]
    if not reached:
        return findings
    return [
        finding.raised(finding.category, finding.level, code)
        if finding.verdict.treated and not finding.reason and (code := _code(reached, finding))
        else finding
        for finding in findings
    ]


def told(findings: Sequence[Finding]) -> list[Scale]:
    """The rules that are the reason of any of `findings`."""
    codes = {finding.reason for finding in findings}
    return [rule for rule in scales() if rule.code in codes]


def _code(reached: Sequence[Scale], finding: Finding) -> str:
    return next((rule.code for rule in reached if rule.covers(finding)), "")


def _strictness(rule: Scale) -> tuple[bool, int]:
    """Rules about categories before those about levels; then the larger number."""
    return rule.categories[0] in {"pi", "spi"}, -rule.persons
