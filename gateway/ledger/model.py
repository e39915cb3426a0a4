"""Nouns of the subject ledger, and the arithmetic of bands and years.

A person is known by keyed hashes alone. What is counted is distinct persons since 1 January
(Asia/Shanghai) per exporter, general and sensitive apart (CAC Order 16 arts 5, 7, 8; checked
2026-11-22, confidence A for the period, K for the unit of de-duplication).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from msgspec import UNSET, Meta, Struct, structs

from policies.model import AllowanceBands, Band, Bands

KEY_BYTES: Final = 16
CHINA_TIME: Final = ZoneInfo("Asia/Shanghai")

Count = Annotated[int, Meta(ge=0)]
Year = Annotated[int, Meta(ge=2000, le=9999)]


class LedgerUnavailable(Exception):
    """The ledger cannot vouch for a count: nothing may be sent (DESIGN rule 1)."""


class ClockBehind(LedgerUnavailable):
    """The clock lies in a year before the one being counted; set right, the ledger goes on."""


class TallyMoved(Exception):
    """The band or the year the decision rested on has passed: nothing was counted, decide again."""


class Person(Struct, frozen=True, kw_only=True, gc=False):
    """One person in one record of an export.

    `strong` is the keyed hash of the strongest identifier that singles a person out, `weak` those
    that only may (name with address); each is 16 bytes. With neither, the person counts as new.
    `general` and `sensitive` say which tallies it enters; `exempt` names the article under which
    it passes uncounted, and is recorded apart. A person partly exempt is given twice.
    """

    strong: bytes | None = None
    weak: tuple[bytes, ...] = ()
    general: bool = True
    sensitive: bool = False
    exempt: str = ""


class Headcount(Struct, frozen=True):
    """Persons, general and sensitive apart; who is in both is in each."""

    general: Count = 0
    sensitive: Count = 0


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """Persons already exported this year before this ledger took over, as the company states."""

    year: Year
    general: Count
    sensitive: Count
    as_of: date
    evidence: Annotated[str, Meta(min_length=1)]


class Total(Struct, frozen=True, omit_defaults=True):
    """One tally: persons in all; of them, those without identifier and those since erased."""

    persons: Count = 0
    unidentified: Count = 0
    erased: Count = 0


class Volume(Struct, frozen=True):
    """How many records, and bytes as they came, have left under an allowance."""

    records: Count = 0
    bytes: Count = 0


class State(Struct, frozen=True, omit_defaults=True):
    """A year's totals by the name of the tally, the opening balance, volumes by allowance.

    Tallies are `general`, `sensitive`, `general:<article>`, `sensitive:<article>` for persons who
    passed exempt, and the allowances, `sandbox.<name>` and the like, which outlive the year.
    """

    totals: Mapping[str, Total]
    opening: Opening | None = None
    volumes: Mapping[str, Volume] = {}


class Edges(Struct, frozen=True):
    """Every threshold and cap of the policy data, ascending, by kind of tally."""

    general: tuple[int, ...]
    sensitive: tuple[int, ...]


class Allowance(Struct, frozen=True):
    """The caps of a sandbox, a pilot programme or a shadow fact; None where there is none.

    What has left under it stays below each.
    """

    persons: int | None = None
    records: int | None = None
    bytes: int | None = None


Caps = Mapping[str, Allowance]
_NO_CAPS: Final[Caps] = {}


class Share(Struct, frozen=True):
    """What an export takes of allowances, by name, beside its persons; bytes as they came."""

    of: Caps
    records: int
    bytes: int


class Spent(Struct, frozen=True):
    """What has left under an allowance. A person counts once, exempt or not."""

    persons: Count = 0
    records: Count = 0
    bytes: Count = 0


class Approaching(Struct, frozen=True):
    """A tally that has come to 80 % of its next edge."""

    kind: str  # "general" or "sensitive"
    count: int
    edge: int


class Tally(Struct, frozen=True, kw_only=True):
    """What one export did to the year's counts. Holds no key, so it may stand in a log entry.

    `after` includes the opening balance and this export; `new` are the persons it added, of whom
    `unidentified` had no identifier; `exempt` are those it added apart, by article. `within` is
    what has left under each allowance the export took of, `taken` what it added there. `digest`
    is the SHA-256 of the journal's line in hex, "" where nothing was added.
    """

    year: int
    after: Headcount
    new: Headcount
    unidentified: Headcount
    exempt: Mapping[str, Headcount]
    within: Mapping[str, Spent] = {}
    taken: Mapping[str, Spent] = {}
    digest: str = ""


class Preview(Struct, frozen=True, kw_only=True):
    """What a commit would do now. `opening_missing`: the year began elsewhere, unaccounted for."""

    tally: Tally
    bands: Bands
    opening_missing: bool
    warnings: tuple[Approaching, ...]


class Standing(Struct, frozen=True, kw_only=True):
    """The ledger as it stands, for people: counts only."""

    exporter: str
    year: int
    counted: Headcount  # opening included
    unidentified: Headcount
    erased: Headcount  # counted, their keys forgotten on request
    exempt: Mapping[str, Headcount]
    allowances: Mapping[str, Spent]
    opening: Opening | None
    opening_missing: bool


def year_of(now: datetime) -> int:
    """The calendar year in Asia/Shanghai of an aware `now`."""
    if now.tzinfo is None:
        raise ValueError("the ledger's clock must be time-zone aware")
    return now.astimezone(CHINA_TIME).year


def band_of(count: int, edges: Sequence[int]) -> Band:
    """The half-open band between ascending `edges` that holds `count`."""
    place = bisect_right(edges, count)
    return Band(
        at_least=edges[place - 1] if place else 0,
        below=edges[place] if place < len(edges) else None,
    )


def bands_of(
    after: Headcount, edges: Edges, within: Mapping[str, Spent] | None = None, of: Caps = _NO_CAPS
) -> Bands:
    """The bands of both tallies, and of each allowance in `of`."""
    found = {name: _allowance_bands((within or {}).get(name, Spent()), of[name]) for name in of}
    return Bands(
        general=band_of(after.general, edges.general),
        sensitive=band_of(after.sensitive, edges.sensitive),
        within=found or UNSET,
    )


def _allowance_bands(spent: Spent, caps: Allowance) -> AllowanceBands:
    return AllowanceBands(
        **{
            what: band_of(getattr(spent, what), () if cap is None else (cap,))
            for what, cap in structs.asdict(caps).items()
        }
    )


def check_bands(after: Headcount, bands: Bands) -> None:
    """Raise `TallyMoved` where a count has left the band the decision rested on."""
    for kind, count, band in (
        ("general", after.general, bands.general),
        ("sensitive", after.sensitive, bands.sensitive),
    ):
        if count < band.at_least or (band.below is not None and count >= band.below):
            raise TallyMoved(
                f"the {kind} tally of this export is no longer at least {band.at_least} and "
                f"below {band.below}; decide again with a fresh preview"
            )


def check_share(within: Mapping[str, Spent], share: Share | None) -> None:
    """Raise `TallyMoved` where what has left under an allowance would reach a cap of it."""
    for name, caps in share.of.items() if share else ():
        for what, cap in structs.asdict(caps).items():
            count = getattr(within[name], what)
            if cap is not None and count >= cap:
                raise TallyMoved(f"{what} under {name} would reach {cap}; decide again")


def approaching(after: Headcount, edges: Edges) -> tuple[Approaching, ...]:
    """The tallies at 80 % or more of their next edge."""
    found = []
    for kind, count, steps in (
        ("general", after.general, edges.general),
        ("sensitive", after.sensitive, edges.sensitive),
    ):
        edge = band_of(count, steps).below
        if edge is not None and count * 5 >= edge * 4:
            found.append(Approaching(kind, count, edge))
    return tuple(found)


def newly_near(tally: Tally, edges: Edges) -> tuple[Approaching, ...]:
    """Those at 80 % or more that this export takes over a whole hundredth of their edge.

    So a year that goes on near its edge is told twenty times, not at every export.
    """
    return tuple(
        near
        for near in approaching(tally.after, edges)
        if near.count * 100 // near.edge
        > (near.count - getattr(tally.new, near.kind)) * 100 // near.edge
    )
