"""What the decisions of an export say, arranged for looking up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from classifiers.model import Evidence, Finding, Verdict
from gateway.operators.registry import SUPPRESS, strictest
from policies.model import Decision

SHARED: Final = -1  # the row of cells that belong to every record, and their decision
_LABELS: Final = "biz_"  # categories that are labels only (DESIGN rule 5)


def must_treat(finding: Finding) -> bool:
    """Whether policy must say what is done about it; silence suppresses it.

    Confirmed and likely findings, and unknown ones that rest on more than the value itself.
    """
    if finding.verdict.treated:
        return not finding.category.startswith(_LABELS)
    return (
        finding.verdict is Verdict.UNKNOWN
        and finding.evidence is not Evidence.VALUE
        and not finding.category.startswith(_LABELS)
    )


class Rulings:
    """Treatments by decision, pointer and category."""

    def __init__(self, decisions: Sequence[Decision], assignment: Sequence[int]) -> None:
        """`assignment`: the decision of each record."""
        self._assignment = [*assignment, SHARED]  # a row of SHARED, -1, is the last
        self._tables: dict[int, dict[tuple[str, str], str]] = {}
        self._restored: set[tuple[int, str, str]] = set()
        # A decision that is another one over again says the same: its number, and the first's.
        first: dict[int, int] = {}
        self._same = [first.setdefault(id(each), n) for n, each in enumerate(decisions)]
        self._same.append(SHARED)  # the last
        for index, decision in enumerate(decisions):
            if self._same[index] != index:
                continue
            table = self._tables[index] = {}
            for each in decision.treatments:
                at = each.pointer, each.category
                other = table.get(at)
                table[at] = strictest([each.treatment, other]) if other else each.treatment
                if each.restore:
                    self._restored.add((index, *at))
        self._in_force = sorted({self._same[each] for each in assignment}) or list(self._tables)
        self._decisions = [SHARED, *range(len(decisions))]
        self._known: dict[tuple[int, str, str], str] = {}

    @property
    def restoring(self) -> bool:
        """Whether an answer to anything may be turned back."""
        return bool(self._restored)

    @property
    def decisions(self) -> list[int]:
        """Every decision, and `SHARED`."""
        return self._decisions

    def decision_of(self, row: int) -> int:
        """The decision of a record; `SHARED` for what belongs to every record."""
        return self._assignment[row]

    def decisions_of(self, rows: Sequence[int]) -> Iterator[int]:
        """The decision of each of `rows`."""
        return map(self._assignment.__getitem__, rows)

    def tables_of(self, decisions: Sequence[int]) -> Iterator[int]:
        """For each of `decisions` the first one that says the same, or `SHARED`."""
        return map(self._same.__getitem__, decisions)

    def treatment(self, decision: int, pointer: str, category: str) -> str:
        """What `decision` does to `category` at `pointer`; suppress where it is silent.

        Of what is shared by all records, the strictest of their treatments.
        """
        decision = self._same[decision]
        at = decision, pointer, category
        known = self._known.get(at)
        if known is None:
            which = self._in_force if decision == SHARED else (decision,)
            said = [self._tables[each].get((pointer, category), SUPPRESS) for each in which]
            known = self._known[at] = said[0] if len(said) == 1 else strictest(said)
        return known

    def restores(self, decision: int, pointer: str, category: str) -> bool:
        """Whether an answer may be turned back; of what all records share, if every one says so."""
        which = self._in_force if decision == SHARED else [self._same[decision]]
        return all((each, pointer, category) in self._restored for each in which)
