"""Which persons an export counts."""

from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import Level, Verdict
from gateway.export.headcount import headcount, leaving
from gateway.ledger.subjects import Owners, Subject, Subjects
from policies.model import Counts, Decision, Field, FieldTreatment, Outcome, Reason

BUYER, PAYEE = 0, 1
NOBODY = frozenset[int]()


def field(pointer: str, level: Level = Level.PI, verdict: Verdict = Verdict.LIKELY) -> Field:
    return Field(pointer, "c", level, verdict, declared=False)


def decision(treatments: dict[str, str], *, general: bool, sensitive: bool) -> Decision:
    return Decision(
        outcome=Outcome.ALLOW,
        mechanism="exemption",
        counts=Counts(general, sensitive),
        treatments=[FieldTreatment(p, "c", t) for p, t in treatments.items()],
        obligations=[],
        needs=[],
        reasons=[Reason("cn.order16.art5.1.1", "", "", "")],
    )


def of(*persons: Subject, **owners: list[Owners]) -> Subjects:
    return Subjects([list(persons)], [], {f"/{name}": found for name, found in owners.items()})


def owned_by(*slots: int) -> list[Owners]:
    return [Owners([frozenset(slots)], NOBODY)]


def test_suppressed_fields_do_not_count() -> None:
    """Who loses everything does not leave; masked data does (PIPL art 73)."""
    what = leaving(
        [field("/a"), field("/b"), field("/c", verdict=Verdict.UNKNOWN)],
        decision({"/a": "suppress", "/b": "mask", "/c": "keep"}, general=True, sensitive=False),
    )
    assert what.general == {"/b"}
    people = of(Subject(BUYER, b"b"), Subject(PAYEE, b"p"), a=owned_by(BUYER), b=owned_by(PAYEE))
    assert [person.strong for person in headcount(people, [what], [0])] == [b"p"]


def test_only_whose_sensitive_data_leaves_is_sensitive() -> None:
    """The buyer's diagnosis does not make the payee sensitive."""
    what = leaving(
        [field("/a", Level.SPI), field("/b")],
        decision({"/a": "keep", "/b": "keep"}, general=True, sensitive=True),
    )
    people = of(Subject(BUYER, b"b"), Subject(PAYEE, b"p"), a=owned_by(BUYER), b=owned_by(PAYEE))
    found = {person.strong: person.sensitive for person in headcount(people, [what], [0])}
    assert found == {b"b": True, b"p": False}


def test_a_note_that_names_somebody_is_also_about_the_person_it_lies_with() -> None:
    """A field that only a text's person owns belongs to everyone in the record as well."""
    what = leaving(
        [field("/note", Level.SPI)], decision({"/note": "keep"}, general=True, sensitive=True)
    )
    named_in_it = [Owners([], frozenset({PAYEE}))]
    people = of(Subject(BUYER, b"b"), Subject(PAYEE, b"p"), note=named_in_it)
    assert all(person.sensitive for person in headcount(people, [what], [0]))
    assert len(headcount(people, [what], [0])) == 2


def test_exempt_persons_are_recorded_by_article() -> None:
    """Where nothing counts, the exemption's article goes with the person."""
    what = leaving([field("/a")], decision({"/a": "keep"}, general=False, sensitive=False))
    (person,) = headcount(of(Subject(BUYER, b"b"), a=owned_by(BUYER)), [what], [0])
    assert person.exempt == "cn.order16.art5.1.1"


@given(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")))
def test_nobody_is_missed(kept: set[str], known: set[str]) -> None:
    """If anything leaves of a record with a person in it, at least one person counts."""
    what = leaving(
        [field(f"/{name}") for name in "abc"],
        decision({f"/{name}": "keep" for name in kept}, general=True, sensitive=False),
    )
    owners = {name: owned_by(BUYER) for name in known}
    counted = headcount(of(Subject(BUYER, b"b"), **owners), [what], [0])
    assert bool(counted) == bool(kept)
