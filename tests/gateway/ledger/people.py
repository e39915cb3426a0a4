"""Made-up persons, a clock to set, and an oracle that counts with plain sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b

from gateway.ledger.model import Bands, Edges, Headcount, Person
from policies.model import Band

EDGES = Edges(general=(100, 1_000), sensitive=(1, 10))
OPEN_BANDS = Bands(general=Band(at_least=0, below=None), sensitive=Band(at_least=0, below=None))
EXPORTER = "acme-cn"


def key(name: object) -> bytes:
    """A subject key for a made-up person."""
    return blake2b(str(name).encode(), digest_size=16).digest()


def person(name: object, **flags: object) -> Person:
    return Person(strong=key(name), **flags)  # type: ignore[arg-type]


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, *day: int) -> None:
        self.now = datetime(*(day or (2026, 11, 22)), tzinfo=UTC)  # type: ignore[arg-type, misc]

    def __call__(self) -> datetime:
        return self.now


class Oracle:
    """The rules of counting over plain sets, written without regard to speed."""

    def __init__(self) -> None:
        self.counted: dict[str, set[bytes]] = defaultdict(set)
        self.unidentified: dict[str, int] = defaultdict(int)
        self.weak_to_strong: dict[bytes, list[bytes]] = defaultdict(list)
        self.strong_to_weak: dict[bytes, list[bytes]] = defaultdict(list)
        self.exports: set[str] = set()

    def commit(self, persons: Sequence[Person], export_ref: str) -> None:
        pairs = sorted({(w, p.strong) for p in persons if p.strong for w in p.weak})
        for weak, strong in pairs:
            owners, weaks = self.weak_to_strong[weak], self.strong_to_weak[strong]
            if strong not in owners and len(owners) < 2:
                owners.append(strong)
            if weak not in weaks and len(weaks) < 4:
                weaks.append(weak)
        again = export_ref in self.exports
        for each in persons:
            for tally in self._tallies(each):
                if each.strong or each.weak:
                    self.counted[tally].add(self._key(each))
                else:
                    self.unidentified[tally] += not again
                    self.exports.add(export_ref)

    def headcount(self, article: str = "") -> Headcount:
        names = (f"{kind}:{article}" if article else kind for kind in ("general", "sensitive"))
        return Headcount(*(len(self.counted[n]) + self.unidentified[n] for n in names))

    def _key(self, each: Person) -> bytes:
        if each.strong:
            return each.strong
        for weak in each.weak:
            owners = self.weak_to_strong[weak]
            if len(owners) == 1 and weak in self.strong_to_weak[owners[0]]:
                return owners[0]
        return each.weak[0]

    @staticmethod
    def _tallies(each: Person) -> list[str]:
        kinds = [kind for kind in ("general", "sensitive") if getattr(each, kind)]
        return [f"{kind}:{each.exempt}" if each.exempt else kind for kind in kinds]
