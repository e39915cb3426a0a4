"""The tally equals a set-based oracle, whatever is exported, retried, settled or reopened."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger.book import Book, create, standing
from gateway.ledger.model import Headcount, Person
from gateway.ledger.rebuild import rebuild
from tests.gateway.ledger.people import EXPORTER, OPEN_BANDS, Clock, Oracle, key

NOW = Clock()()
MEMORY = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)  # no fsync
ARTICLES = ("", "cn.order16.art4", "cn.order16.art5.1.1")

people = st.builds(
    Person,
    strong=st.none() | st.integers(0, 7).map(key),
    weak=st.lists(st.integers(100, 107).map(key), max_size=3, unique=True).map(tuple),
    general=st.booleans(),
    sensitive=st.booleans(),
    exempt=st.sampled_from(ARTICLES),
)
exports = st.lists(
    st.tuples(st.lists(people, max_size=8), st.integers(0, 5).map(str), st.booleans()),
    max_size=12,
)


def open_book(path: Path, recent_facts: int) -> Book:
    return Book(path, EXPORTER, None, NOW, sync=lambda _: None, recent_facts=recent_facts)


@settings(max_examples=80)
@given(exports=exports, recent_facts=st.sampled_from([0, 3, 1000]))
def test_the_tally_equals_the_oracle(
    exports: list[tuple[list[Person], str, bool]], recent_facts: int
) -> None:
    """Step by step, across restarts, and after a rebuild from the journal."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path, oracle = Path(folder) / "ledger.db", Oracle()
        create(path, EXPORTER, None, NOW)
        book = open_book(path, recent_facts)
        for persons, ref, reopen in exports:
            before = oracle.headcount()
            oracle.commit(persons, ref)
            tally = book.count(persons, OPEN_BANDS, 2026, ref)
            book.flush(NOW)
            book.settle()
            now = oracle.headcount()
            assert tally.after == now
            assert tally.new == Headcount(
                now.general - before.general, now.sensitive - before.sensitive
            )
            if reopen:
                book.close()
                book = open_book(path, recent_facts)
        book.close()
        for shown in (standing(path), rebuild(path, EXPORTER, NOW)):
            assert shown.counted == oracle.headcount()
            for article in ARTICLES[1:]:
                assert shown.exempt.get(article, Headcount()) == oracle.headcount(article)


@settings(max_examples=50)
@given(persons=st.lists(people, max_size=8), data=st.data())
def test_the_order_of_persons_in_an_export_is_irrelevant(
    persons: list[Person], data: st.DataObject
) -> None:
    """An export is a set of persons, not a sequence."""
    outcomes = []
    for order in (persons, data.draw(st.permutations(persons))):
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            path = Path(folder) / "ledger.db"
            create(path, EXPORTER, None, NOW)
            book = open_book(path, 10)
            outcomes.append(book.count(order, OPEN_BANDS, 2026, "export"))
            book.close()
    assert outcomes[0] == outcomes[1]
