"""Whose each cell is, for treatments that work per person.

The same rules as for counting (`gateway.ledger.subjects`), under a key of their own, so that a
person's dates do not move by another number of days when the ledger's key changes with the year.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.model import Batch, Classification
from gateway.export.transfer import Route
from gateway.ledger.identifiers import Hasher
from gateway.ledger.subjects import Subject, Subjects, subjects
from gateway.operators.registry import operator
from gateway.ports import KeyProvider
from gateway.treatment.marking import PersonOf
from policies.model import Decision

PURPOSE = "surrogate"


def person_of(
    batch: Batch,
    classification: Classification,
    decisions: Sequence[Decision],
    route: Route,
    keys: KeyProvider,
) -> PersonOf | None:
    """Record and column to a key for the one person whose cell it is, "" where that is open.

    None where no decision has a treatment that works per person. Raises what keys raise.
    """
    if not any(operator(t.treatment).per_person for d in decisions for t in d.treatments):
        return None
    settings = route.settings
    hasher = Hasher(keys.derive(PURPOSE, "person"), namespace=route.name)
    whose = subjects(batch, classification, settings.subjects, hasher, records=settings.records)

    def find(row: int, column: int) -> str:
        present = [*(whose.records[row] if row >= 0 else ()), *whose.shared]
        return _only(_owning(present, classification.pointers[column], whose))

    return find


def _owning(present: Sequence[Subject], pointer: str, whose: Subjects) -> Sequence[Subject]:
    """Those of a record's persons whose field it is; all of them where it is nobody's own."""
    here = frozenset(subject.slot for subject in present)
    owning: set[int] = set()
    for owners in whose.owners.get(pointer, ()):
        owning |= next((level & here for level in owners.levels if level & here), frozenset())
        owning |= owners.also & here
    return [subject for subject in present if not owning or subject.slot in owning]


def _only(persons: Sequence[Subject]) -> str:
    """The key of the one person there is."""
    keys = {person.strong or (person.weak or (b"",))[0] for person in persons}
    return keys.pop().hex() if len(keys) == 1 else ""
