"""Who is new: the rules of counting, as pure functions over facts.

A fact is a pair (key, tag). A tag of type str names a tally in which the key is counted; a tag of
type bytes is another key that once stood beside it. Facts are only ever added, so no order of
exports, and no link found later, lowers a tally.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final

from msgspec import Struct, structs

from gateway.ledger.model import (
    KEY_BYTES,
    Edges,
    Headcount,
    LedgerUnavailable,
    Person,
    Preview,
    Share,
    Spent,
    Standing,
    State,
    Tally,
    Total,
    Volume,
    bands_of,
    newly_near,
)

Tag = str | bytes
Fact = tuple[bytes, Tag]

GENERAL: Final = "general"
SENSITIVE: Final = "sensitive"
SEEN: Final = "seen"  # exports that held unidentified persons, so that a retry adds none

# A person has a few weak identifiers at most. One strong identifier with more of them would stand
# in for a crowd: further weak ones count as persons of their own.
MAX_WEAK_PER_STRONG: Final = 4
# Two strong owners make a weak identifier ambiguous; a third would say no more.
MAX_STRONG_PER_WEAK: Final = 2


class Plan(Struct, frozen=True):
    """What one export adds: `facts`, by tally the persons who have no identifier, and its share.

    `counted`: the export is in the ledger already, so that neither is added again.
    """

    facts: list[Fact]
    unidentified: Counter[str]
    share: Share | None = None
    counted: bool = False

    def added(self) -> Counter[str]:
        """Persons added to each tally, unidentified included."""
        counts = Counter(tag for _, tag in self.facts if isinstance(tag, str) and tag != SEEN)
        return counts + self.unidentified


class Identified(Struct, frozen=True):
    """The key under which each person counts (None: no identifier), and the links they add."""

    keys: list[bytes | None]
    links: list[Fact]


def scope(kind: str, article: str) -> str:
    """The name of a tally: `general`, or `general:<article>` for persons who pass exempt."""
    return f"{kind}:{article}" if article else kind


def mentioned(persons: Iterable[Person]) -> set[bytes]:
    """Every key the persons bring. Raises ValueError where one is not a keyed hash."""
    keys = {person.strong for person in persons if person.strong is not None}
    for person in persons:
        if person.weak:
            keys.update(person.weak)
    if not {KEY_BYTES}.issuperset(map(len, keys)):
        raise ValueError(f"a subject key is a keyed hash of {KEY_BYTES} bytes")
    return keys


def owners(persons: Iterable[Person], known: set[Fact]) -> set[bytes]:
    """The keys that the persons' weak keys stood beside."""
    weak = {key for person in persons for key in person.weak}
    return {tag for key, tag in known if isinstance(tag, bytes) and key in weak} if weak else set()


def reference_key(export_ref: str) -> bytes:
    """The key under which an export is remembered."""
    return blake2b(export_ref.encode(), digest_size=KEY_BYTES, person=b"silkgate-export").digest()


def identify(persons: Sequence[Person], known: set[Fact]) -> Identified:
    """Resolve each person to one key; `known` must hold all facts of their keys and `owners`.

    The strong key decides. A person with weak keys only is the strong one that a weak key stood
    beside, if it is the only one; else a person of their own. The order of persons is irrelevant.
    """
    if not any(person.weak for person in persons):
        return Identified([person.strong for person in persons], [])
    links = _Links(known)
    pairs = {(weak, p.strong) for p in persons if p.strong is not None for weak in p.weak}
    for weak, strong in sorted(pairs):
        links.join(weak, strong)
    return Identified([links.resolve(person) for person in persons], links.added)


def count(
    persons: Sequence[Person],
    identified: Identified,
    known: set[Fact],
    export_ref: str,
    share: Share | None = None,
) -> Plan:
    """Who is not counted yet; `known` must hold all facts of the keys found, and grows.

    Where it holds the export itself, its unidentified persons and its volume are not new. A person
    of whom anything leaves enters the allowances of `share` too, exempt or not.
    """
    under = list(share.of) if share else []
    facts = list(identified.links)
    unidentified: Counter[str] = Counter()
    tallies: dict[tuple[bool, bool, str], list[str]] = {}
    for person, key in zip(persons, identified.keys, strict=True):
        kind = (person.general, person.sensitive, person.exempt)
        entered = tallies.get(kind)
        if entered is None:
            entered = _entered(person)
            entered = tallies[kind] = entered + under if entered else entered
        for tally in entered:
            if key is None:
                unidentified[tally] += 1
            elif (fact := (key, tally)) not in known:
                known.add(fact)
                facts.append(fact)
    seen = (reference_key(export_ref), SEEN)
    again = seen in known
    if again:
        unidentified.clear()
    elif unidentified or share:
        facts.append(seen)
    return Plan(facts, unidentified, share, again)


def advance(state: State, plan: Plan) -> State:
    """The totals after `plan`."""
    totals = dict(state.totals)
    for tally, persons in plan.added().items():
        before = totals.get(tally, Total())
        totals[tally] = Total(
            before.persons + persons,
            before.unidentified + plan.unidentified[tally],
            before.erased,
        )
    volumes = dict(state.volumes)
    if plan.share and not plan.counted:
        for name in plan.share.of:
            so_far = volumes.get(name, Volume())
            volumes[name] = Volume(
                so_far.records + plan.share.records, so_far.bytes + plan.share.bytes
            )
    return State(totals, state.opening, volumes)


def spent(state: State, names: Iterable[str]) -> dict[str, Spent]:
    """What has left under the allowances `names`."""
    return {
        name: Spent(
            persons=state.totals.get(name, Total()).persons,
            **structs.asdict(state.volumes.get(name, Volume())),
        )
        for name in names
    }


def carried(state: State) -> State:
    """What a new year takes over: allowances, whose persons are then known by number alone."""
    totals = {
        name: Total(total.persons, 0, total.persons)
        for name, total in state.totals.items()
        if "." in name.partition(":")[0]
    }
    return State(totals, None, state.volumes)


def tally_of(year: int, after: State, plan: Plan) -> Tally:
    """What `plan` did, in counts."""
    added, share = plan.added(), plan.share
    names = share.of if share else ()
    volume = Volume(share.records, share.bytes) if share and not plan.counted else Volume()
    return Tally(
        year=year,
        after=counted(after),
        new=headcount(added),
        unidentified=headcount(plan.unidentified),
        exempt={article: headcount(added, article) for article in articles(added)},
        within=spent(after, names),
        taken={name: Spent(added[name], volume.records, volume.bytes) for name in names},
    )


def preview_of(year: int, state: State, plan: Plan, edges: Edges, *, continued: bool) -> Preview:
    """What `plan` would do, and the bands that would hold then."""
    tally = tally_of(year, advance(state, plan), plan)
    return Preview(
        tally=tally,
        bands=bands_of(tally.after, edges, tally.within, plan.share.of if plan.share else {}),
        opening_missing=opening_missing(state, continued=continued),
        warnings=newly_near(tally, edges),
    )


def opening_missing(state: State, *, continued: bool) -> bool:
    """Whether part of the year lies before the ledger, with no opening balance for it."""
    return not continued and state.opening is None


def counted(state: State) -> Headcount:
    """The year's tallies, opening balance included."""
    here = headcount({name: total.persons for name, total in state.totals.items()})
    if state.opening is None:
        return here
    opening = state.opening
    return Headcount(here.general + opening.general, here.sensitive + opening.sensitive)


def forget(state: State, erased: Mapping[str, int]) -> State:
    """The totals once the keys of `erased` persons are forgotten; they stay counted."""
    totals = {
        tally: Total(total.persons, total.unidentified, total.erased + erased.get(tally, 0))
        for tally, total in state.totals.items()
    }
    return State(totals, state.opening, state.volumes)


def erased(state: State) -> int:
    """How many countings have had their key forgotten."""
    return sum(total.erased for total in state.totals.values())


def verify(state: State, keys: Mapping[str, int]) -> None:
    """Check the totals against the keys held. Raises `LedgerUnavailable` where they differ."""
    for tally, total in state.totals.items():
        held = keys.get(tally, 0) + total.unidentified + total.erased
        if held != total.persons:
            raise LedgerUnavailable(
                f"the journal counts {total.persons} persons as {tally} and holds {held}; "
                "restore it from backup"
            )


def standing(exporter: str, year: int, state: State, *, continued: bool) -> Standing:
    """`state` for people."""
    totals = state.totals
    persons = {name: total.persons for name, total in totals.items()}
    return Standing(
        exporter=exporter,
        year=year,
        counted=counted(state),
        unidentified=headcount({name: total.unidentified for name, total in totals.items()}),
        erased=headcount({name: total.erased for name, total in totals.items()}),
        exempt={article: headcount(persons, article) for article in articles(persons)},
        allowances=spent(state, sorted(state.volumes)),
        opening=state.opening,
        opening_missing=opening_missing(state, continued=continued),
    )


def headcount(counts: Mapping[str, int], article: str = "") -> Headcount:
    """The general and sensitive counts, of those who passed under `article` if one is given."""
    return Headcount(
        counts.get(scope(GENERAL, article), 0), counts.get(scope(SENSITIVE, article), 0)
    )


def articles(tallies: Iterable[str]) -> list[str]:
    """The articles under which persons passed exempt."""
    return sorted({name.partition(":")[2] for name in tallies} - {""})


def _entered(person: Person) -> list[str]:
    kinds = ((GENERAL, person.general), (SENSITIVE, person.sensitive))
    return [scope(kind, person.exempt) for kind, entered in kinds if entered]


class _Links:
    """Which keys stood beside which; a link holds only while both sides keep it."""

    def __init__(self, known: set[Fact]) -> None:
        self._beside: dict[bytes, set[bytes]] = {}
        self.added: list[Fact] = []
        for key, tag in known:
            if isinstance(tag, bytes):
                self._beside.setdefault(key, set()).add(tag)

    def join(self, weak: bytes, strong: bytes) -> None:
        """Note that `weak` stood beside `strong`, as far as either has room."""
        self._add(weak, strong, MAX_STRONG_PER_WEAK)
        self._add(strong, weak, MAX_WEAK_PER_STRONG)

    def resolve(self, person: Person) -> bytes | None:
        """The key under which `person` counts, or None."""
        if person.strong is not None or not person.weak:
            return person.strong
        for weak in person.weak:
            owners = self._beside.get(weak, ())
            if len(owners) == 1:
                (owner,) = owners
                if weak in self._beside.get(owner, ()):
                    return owner
        return person.weak[0]

    def _add(self, key: bytes, other: bytes, room: int) -> None:
        beside = self._beside.setdefault(key, set())
        if other not in beside and len(beside) < room:
            beside.add(other)
            self.added.append((key, other))
