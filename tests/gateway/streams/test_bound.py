"""Persons of a stream are counted once however many groups hold them, and none is left out."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.ledger.model import Allowance, Edges, Person, Share
from gateway.ledger.sqlite import SqliteLedger
from gateway.streams.bound import Bound, Seen
from tests.gateway.ledger.people import EXPORTER, Clock

EDGES = Edges(general=tuple(range(1, 50)), sensitive=tuple(range(1, 50)))  # a band a person
STRONG = [bytes((number,)) * 16 for number in range(4)]


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqliteLedger]:
    ledger = SqliteLedger.create(tmp_path / "ledger.db", EXPORTER, clock=Clock())
    yield ledger
    await ledger.close()


async def test_persons_of_several_groups_count_once(ledger: SqliteLedger) -> None:
    bound = Bound(ledger, EDGES)
    groups = [
        [Person(strong=STRONG[0]), Person(weak=(STRONG[1], STRONG[2]))],
        [Person(strong=STRONG[0]), Person(weak=(STRONG[1], STRONG[2])), Person(weak=(STRONG[1],))],
        [Person(strong=STRONG[3])],
        [Person(), Person(strong=STRONG[0])],
        [Person(), Person(strong=STRONG[0], exempt="art5")],
    ]
    counts = [(await bound.add(group)).general.at_least for group in groups]
    assert counts == [2, 3, 4, 5, 6]  # two weak names may be one person: at most a third


async def test_who_was_general_may_be_sensitive_too(ledger: SqliteLedger) -> None:
    bound = Bound(ledger, EDGES)
    for person in (
        Person(strong=STRONG[0]),
        Person(strong=STRONG[0], general=False, sensitive=True),
        Person(strong=STRONG[0], general=False, sensitive=True),
    ):
        bands = await bound.add([person])
    assert (bands.general.at_least, bands.sensitive.at_least) == (1, 1)


async def test_an_allowance_takes_a_person_once(ledger: SqliteLedger) -> None:
    bound = Bound(ledger, EDGES)
    share = Share({"sandbox.trial": Allowance(persons=3)}, 1, 10)
    for strong in (STRONG[0], STRONG[0], STRONG[1], STRONG[0]):
        bands = await bound.add([Person(strong=strong, exempt="art5")], share)
    assert isinstance(bands.within, dict)
    assert bands.within["sandbox.trial"].persons.below == 3
    bands = await bound.add([Person(strong=STRONG[2], exempt="art5")], share)
    assert isinstance(bands.within, dict)
    assert bands.within["sandbox.trial"].persons.at_least == 3


def test_seen_is_a_set() -> None:
    """Keys that begin alike stand in one row; some lie across two others there."""
    source, seen, known = random.Random(7), Seen(), set[tuple[bytes, int]]()
    repeated = 0
    for _ in range(20_000):
        key = bytes(source.choices((0, 1), k=3)) + bytes(11) + bytes(source.choices(range(3), k=2))
        entry = key, source.randrange(3)
        assert seen.add(*entry) == (entry not in known)
        repeated += entry in known
        known.add(entry)
    assert repeated > len(known) > 100
