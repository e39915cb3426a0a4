"""How many persons this year counts at most, once a stream of unknown length has left.

The count before it, and every person of the stream not counted yet, each once. Where the stream
holds persons that the ledger would know again by a weak identifier, the true count is lower: the
bound errs on the strict side. Persons are remembered only while they can still move a band.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.ledger.model import Edges, Headcount, Person, bands_of
from gateway.ports import SubjectLedger
from policies.model import Bands

_Key = tuple[object, bool, bool]


class Bound:
    """The counts of one stream so far, on top of the ledger's."""

    def __init__(self, ledger: SubjectLedger, edges: Edges) -> None:
        self._ledger, self._edges = ledger, edges
        self._seen: set[_Key] = set()
        self._new = Headcount()
        self.opening_missing = False
        self._counted = Headcount()  # by the ledger, when it was last asked

    async def add(self, persons: Sequence[Person]) -> Bands:
        """The bands with `persons` of one more group. Raises `LedgerUnavailable`."""
        fresh = self._unseen([person for person in persons if not person.exempt])
        await self._ask(fresh)
        return self.bands

    async def now(self) -> tuple[Bands, int]:
        """The bands with what other exports have counted meanwhile, and the year."""
        year = await self._ask([])
        return self.bands, year

    @property
    def bands(self) -> Bands:
        """The bands as last known."""
        after = Headcount(
            self._counted.general + self._new.general,
            self._counted.sensitive + self._new.sensitive,
        )
        return bands_of(after, self._edges)

    async def _ask(self, persons: Sequence[Person]) -> int:
        preview = await self._ledger.preview(persons, self._edges)
        after, new = preview.tally.after, preview.tally.new
        self._counted = Headcount(after.general - new.general, after.sensitive - new.sensitive)
        self._new = Headcount(self._new.general + new.general, self._new.sensitive + new.sensitive)
        self.opening_missing = preview.opening_missing
        return preview.tally.year

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
            key = (person.strong or person.weak, person.general, person.sensitive)
            if not key[0]:
                fresh.append(person)
            elif key not in self._seen:
                self._seen.add(key)
                fresh.append(person)
        return fresh
