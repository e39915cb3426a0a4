"""Which persons an export counts: those whose data leaves, by what leaves of each.

A person counts for personal information that leaves and is not exempt, as sensitive only if
sensitive information leaves of that person (Order 16 arts 7, 8). What passes under an exemption
is recorded apart, by article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from classifiers.model import Level
from gateway.ledger.model import Person
from gateway.ledger.subjects import Owners, Subjects
from gateway.operators.registry import SUPPRESSING
from policies.model import Decision, Field

_PERSONAL: Final = frozenset({Level.PI, Level.SPI})
_ANYONE: Final = (Owners((), frozenset()),)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves of the records that one decision holds for."""

    general: frozenset[str]  # pointers
    sensitive: frozenset[str]
    counts_general: bool
    counts_sensitive: bool
    exempt: str  # the article under which they pass uncounted, "" where they count


NOTHING: Final = Leaving(frozenset(), frozenset(), False, False, "")


def leaving(fields: Sequence[Field], decision: Decision) -> Leaving:
    """What `decision` lets leave of `fields`; desensitized data leaves too (PIPL art 73)."""
    kept = {
        (each.pointer, each.category)
        for each in decision.treatments
        if each.treatment not in SUPPRESSING
    }
    general: list[str] = []
    sensitive: list[str] = []
    for field in fields:
        if (
            field.level in _PERSONAL
            and (field.pointer, field.category) in kept
            and field.verdict.treated
        ):
            general.append(field.pointer)
            if field.level is Level.SPI:
                sensitive.append(field.pointer)
    counted = decision.counts.general or decision.counts.sensitive
    exempt = "" if counted or not decision.reasons else decision.reasons[0].code
    return Leaving(
        general=frozenset(general),
        sensitive=frozenset(sensitive),
        counts_general=decision.counts.general,
        counts_sensitive=decision.counts.sensitive,
        exempt=exempt,
    )


def headcount(
    subjects: Subjects, of_decision: Sequence[Leaving], assignment: Sequence[int]
) -> list[Person]:
    """One person a record and subject of whom something leaves; the ledger folds them."""
    persons: list[Person] = []
    known: dict[tuple[int, tuple[int, ...]], list[Person | None]] = {}
    shared = subjects.shared
    for row, decision in enumerate(assignment):
        present = [*subjects.records[row], *shared] if shared else subjects.records[row]
        slots = tuple([subject.slot for subject in present])
        like = known.get((decision, slots))
        if like is None:
            like = known[decision, slots] = _like(of_decision[decision], slots, subjects.owners)
        for subject, one in zip(present, like, strict=True):
            if one is not None:
                persons.append(
                    Person(
                        strong=subject.strong,
                        weak=subject.weak,
                        general=one.general,
                        sensitive=one.sensitive,
                        exempt=one.exempt,
                    )
                )
    return persons


def _like(
    what: Leaving, slots: tuple[int, ...], owners: Mapping[str, Sequence[Owners]]
) -> list[Person | None]:
    """For each slot a person who counts like its own; None where nothing of it leaves."""
    here = frozenset(slots)
    general = _owning(what.general, here, owners)
    sensitive = _owning(what.sensitive, here, owners)
    return [
        _person(what, sensitive=slot in sensitive) if slot in general or slot in sensitive else None
        for slot in slots
    ]


def _owning(
    pointers: frozenset[str], here: frozenset[int], owners: Mapping[str, Sequence[Owners]]
) -> set[int]:
    """The slots of a record that own any of `pointers`; a field of nobody is everyone's."""
    owning: set[int] = set()
    for pointer in pointers:
        for owner in owners.get(pointer, _ANYONE):
            nearest = next((level & here for level in owner.levels if level & here), frozenset())
            owning |= (nearest or here) | (owner.also & here)
    return owning


def _person(what: Leaving, *, sensitive: bool) -> Person:
    return Person(
        general=bool(what.exempt) or what.counts_general,
        sensitive=sensitive and (bool(what.exempt) or what.counts_sensitive),
        exempt=what.exempt,
    )
