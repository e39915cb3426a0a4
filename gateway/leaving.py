"""From the persons of a batch and what policy lets go to the persons who are counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from gateway.ledger.model import Person
from gateway.subjects import Owners, Subjects


def leaving(
    found: Subjects,
    rows: Iterable[int],
    *,
    general: Collection[str],
    sensitive: Collection[str],
    exempt: str = "",
) -> list[Person]:
    """The persons of `rows` whose fields leave, each once, for the ledger.

    `general` and `sensitive`: the pointers at which information leaves that counts in either
    tally. A field that belongs to nobody present belongs to everybody in the record.
    """
    flags: dict[frozenset[int], dict[int, tuple[bool, bool]]] = {}
    counted: dict[tuple[bytes | None, tuple[bytes, ...]], tuple[bool, bool]] = {}
    nobody: dict[int, tuple[bool, bool]] = {}  # persons with no key, by identity
    for row in rows:
        persons = (*found.records[row], *found.shared)
        present = frozenset(subject.slot for subject in persons)
        if present not in flags:
            flags[present] = _flags(found.owners, present, general, sensitive)
        owned = flags[present]
        for subject in persons:
            enters = owned[subject.slot]
            if subject.strong is None and not subject.weak:
                nobody[id(subject)] = _both(nobody.get(id(subject)), enters)
            else:
                key = subject.strong, subject.weak
                counted[key] = _both(counted.get(key), enters)
    leavers = [*counted.items(), *(((None, ()), enters) for enters in nobody.values())]
    return [
        Person(strong=strong, weak=weak, general=in_general, sensitive=in_sensitive, exempt=exempt)
        for (strong, weak), (in_general, in_sensitive) in leavers
        if in_general or in_sensitive
    ]


def _both(seen: tuple[bool, bool] | None, enters: tuple[bool, bool]) -> tuple[bool, bool]:
    return enters if seen is None else (seen[0] or enters[0], seen[1] or enters[1])


def _flags(
    owners: Mapping[str, Sequence[Owners]],
    present: frozenset[int],
    general: Collection[str],
    sensitive: Collection[str],
) -> dict[int, tuple[bool, bool]]:
    """Which tallies the persons of each slot enter, in a record with persons in these slots."""
    in_general, in_sensitive = (
        frozenset(slot for pointer in pointers for slot in _owning(owners.get(pointer), present))
        for pointers in (general, sensitive)
    )
    return {slot: (slot in in_general, slot in in_sensitive) for slot in present}


def _owning(owners: Sequence[Owners] | None, present: frozenset[int]) -> Iterator[int]:
    """The slots among those present that own a field."""
    for each in owners or (Owners((), frozenset()),):
        yield from next((level & present for level in each.levels if level & present), present)
        yield from each.also & present
