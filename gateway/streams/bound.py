"""How many persons this year counts at most, once a stream of unknown length has left.

The count before it, and every person of the stream not counted yet, each once. Where the stream
holds persons that the ledger would know again by a weak identifier, the true count is lower: the
bound errs on the strict side. Persons are remembered only while they can still move a band, in
little more memory than their keys take: there may be a million of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from gateway.ledger.model import (
    KEY_BYTES,
    Allowance,
    Edges,
    Headcount,
    Person,
    Share,
    Spent,
    bands_of,
)
from gateway.ledger.packed import PackedKeys
from gateway.ports import SubjectLedger
from policies.model import Bands

_NOTHING: Final = Spent()


class Bound:
    """The counts of one stream so far, on top of the ledger's."""

    def __init__(self, ledger: SubjectLedger, edges: Edges) -> None:
        self._ledger, self._edges = ledger, edges
        self._seen = Seen()
        self._new = Headcount()
        self.opening_missing = False
        self._counted = Headcount()  # by the ledger, when it was last asked
        self._caps: dict[str, Allowance] = {}  # of the allowances that the stream takes of
        self._inside = Seen()  # persons of the stream, for them
        self._spent: dict[str, Spent] = {}  # by the ledger, when it was last asked
        self._taken: dict[str, Spent] = {}

    async def add(self, persons: Sequence[Person], share: Share | None = None) -> Bands:
        """The bands with one more group, its `persons` and `share`. Raises `LedgerUnavailable`."""
        fresh = self._unseen([person for person in persons if not person.exempt])
        await self._ask(fresh)
        if share is not None:
            await self._take(persons, share)
        return self.bands

    async def now(self) -> tuple[Bands, int]:
        """The bands with what other exports have counted meanwhile, and the year."""
        year = await self._ask([])
        if self._caps:
            await self._take([], Share(self._caps, 0, 0))
        return self.bands, year

    @property
    def bands(self) -> Bands:
        """The bands as last known."""
        after = Headcount(
            self._counted.general + self._new.general,
            self._counted.sensitive + self._new.sensitive,
        )
        within = {
            name: _sum(self._spent.get(name, _NOTHING), self._taken.get(name, _NOTHING))
            for name in self._caps
        }
        return bands_of(after, self._edges, within, self._caps)

    async def _ask(self, persons: Sequence[Person]) -> int:
        preview = await self._ledger.preview(persons, self._edges)
        after, new = preview.tally.after, preview.tally.new
        self._counted = Headcount(after.general - new.general, after.sensitive - new.sensitive)
        self._new = Headcount(self._new.general + new.general, self._new.sensitive + new.sensitive)
        self.opening_missing = preview.opening_missing
        return preview.tally.year

    async def _take(self, persons: Sequence[Person], share: Share) -> None:
        """Add what a group takes of allowances: persons once a stream, exempt or not."""
        self._caps |= share.of
        fresh = []
        for person in persons:
            key = _key(person)
            if key is None or self._inside.add(key):
                fresh.append(person)
        tally = (await self._ledger.preview(fresh, self._edges, share=share)).tally
        for name, after in tally.within.items():
            taken = tally.taken[name]
            self._spent[name] = Spent(
                after.persons - taken.persons,
                after.records - taken.records,
                after.bytes - taken.bytes,
            )
            self._taken[name] = _sum(self._taken.get(name, _NOTHING), taken)

    def _unseen(self, persons: Sequence[Person]) -> list[Person]:
        """Those that this stream has not held before and that can still move a band."""
        general, sensitive = self.bands.general.below, self.bands.sensitive.below
        fresh = []
        for person in persons:
            movable = (person.general and general is not None) or (
                person.sensitive and sensitive is not None
            )
            if not movable:
                continue
            key = _key(person)
            kinds = 2 * person.general + person.sensitive
            if key is None or self._seen.add(key, kinds):
                fresh.append(person)
        return fresh


class Seen:
    """Keys of `KEY_BYTES` bytes, each with a number below 256: what an entry is."""

    def __init__(self) -> None:
        """None yet."""
        self._known = PackedKeys(1)

    def add(self, key: bytes, number: int = 0) -> bool:
        """Note an entry; whether it is new."""
        entry = key, bytes((number,))
        new = entry not in self._known.find((key,))
        if new:
            self._known.add((entry,))
        return new


def _key(person: Person) -> bytes | None:
    """What the person is known by within a stream; None where there is no identifier."""
    if person.strong or not person.weak:
        return person.strong or None
    return blake2b(b"".join(person.weak), digest_size=KEY_BYTES, person=b"silkgate-weak").digest()


def _sum(one: Spent, other: Spent) -> Spent:
    return Spent(one.persons + other.persons, one.records + other.records, one.bytes + other.bytes)
