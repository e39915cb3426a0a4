"""One export's facts: who sends what kind of thing to whom, on which grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import msgspec

from classifiers.codes import Coded, graded
from classifiers.model import Opaque
from gateway.ledger.model import CHINA_TIME
from gateway.route_settings import RouteSettings
from gateway.settings import ExporterSettings
from policies.model import Approval, Bands, Exporter, Field, PolicyInput, Recipient

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Route:
    """A configured route and the part of every policy input that it fixes."""

    name: str
    settings: RouteSettings
    template: PolicyInput
    declared: Mapping[str, str]  # the data contract: pointer within a body -> category
    coded: Mapping[str, Coded]  # the code tables: pointer within a body -> what its codes say

    @classmethod
    def of(cls, name: str, settings: RouteSettings, exporter: ExporterSettings) -> Route:
        """The route `name` of `exporter`."""
        template = PolicyInput(
            at="0001-01-01",
            exporter=Exporter(
                id=exporter.id,
                ciio=exporter.ciio,
                zone=exporter.zone,
                sector=exporter.sector,
                pilots=list(exporter.pilots),
            ),
            route=name,
            origin=exporter.origin,
            collected_in=settings.collected_in,
            destination=settings.destination,
            recipient=Recipient(name=settings.recipient),
            purpose=settings.purpose,
            basis=settings.basis.facts(),
            fields=[],
        )
        codes = {
            pointer: graded(pointer.rpartition("/")[2], table)
            for pointer, table in settings.codes.items()
        }
        declared = _within_bodies(settings.declare, settings.records)
        return cls(name, settings, template, declared, _within_bodies(codes, settings.records))

    def question(
        self, fields: list[Field], now: datetime, bands: Bands | None = None
    ) -> PolicyInput:
        """What policy is asked of records in which `fields` were found."""
        return msgspec.structs.replace(
            self.template, at=china_date(now), fields=fields, bands=bands
        )

    @property
    def shadow(self) -> bool:
        """Whether exports are only looked at: what leaves, leaves as it is."""
        return self.settings.mode == "shadow"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One request on a route: `rid` is the gateway's own id for it."""

    rid: str
    caller: str
    method: str
    route: Route
    deadline: float  # on time.monotonic()
    approvals: Sequence[Approval] = ()  # what persons have settled for this very request
    day: date | None = None  # in China, when it is inspected; ages are counted on it

    def question(
        self,
        fields: list[Field],
        now: datetime,
        bands: Bands | None = None,
        opaque: Sequence[Opaque] = (),
    ) -> PolicyInput:
        """What policy is asked of records in which `fields` were found beside what is `opaque`."""
        asked = self.route.question(fields, now, bands)
        if self.route.shadow:
            asked = msgspec.structs.replace(asked, mode="shadow")
        elif self.approvals:
            asked = msgspec.structs.replace(asked, approvals=list(self.approvals))
        if opaque:
            asked = msgspec.structs.replace(asked, opaque=list(opaque))
        return asked


def china_date(now: datetime) -> str:
    """The day in China, ISO 8601: the year of the tally turns there (Order 16 art 7, 8)."""
    return china_today(now).isoformat()


def china_today(now: datetime) -> date:
    """The day in China; a child's age is counted there too (PIPL art 31)."""
    return now.astimezone(CHINA_TIME).date()


def _within_bodies(said: Mapping[str, T], records: str) -> dict[str, T]:
    """Pointers of a contract, which start at a record, wherever a body may hold its records."""
    roots = {"", "/*", f"{records}/*"}
    return {root + pointer: what for pointer, what in said.items() for root in roots}
