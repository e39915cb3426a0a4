"""Streams opened as their route wants them decided: held back whole, or record by record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.errors import CannotDecide
from gateway.export.pipeline import Held
from gateway.export.signature import Signatures
from gateway.export.stages import Ruling, Stages
from gateway.route_settings import RouteSettings
from gateway.streams.flow import flowing
from gateway.streams.groups import Cut
from gateway.streams.quarantine import Quarantine
from gateway.streams.refuse import Refusing
from gateway.streams.spool import Spool, SpoolFailed
from gateway.streams.stream import Portion, Stream

_SPOOLED = 3  # raw and treated bytes, and who they are about


@dataclass(frozen=True, slots=True)
class Streams:
    """What streams need besides the stages."""

    stages: Stages
    quarantine: Quarantine
    spool: Path
    max_bytes: int

    @staticmethod
    def flows(route: RouteSettings) -> bool:
        """Whether groups leave before the last one is decided."""
        return route.on_denied == "quarantine" and route.mode != "shadow"

    @asynccontextmanager
    async def open(
        self, stream: Stream, cuts: AsyncIterator[Cut], *, done: int = 0
    ) -> AsyncIterator[Held | AsyncIterator[Portion]]:
        """The groups that may leave, each released as it is asked for; or that none may.

        A stream taken up again has `done` groups behind it: one that flows comes without them, one
        that is decided whole comes whole. Raises a `GatewayError`, here or on the way, after which
        nothing more may leave.
        """
        if self.flows(stream.transfer.route.settings):
            portions = flowing(self.stages, stream, cuts, self.quarantine)
            yield await _begun(portions) or (_no_more() if done else _nothing(stream))
            return
        try:
            spool = Spool(self.spool, limit=_SPOOLED * self.max_bytes)
        except SpoolFailed as error:
            raise CannotDecide(str(error)) from error
        with spool:
            refusing = Refusing(self.stages, stream, spool)
            held = await refusing.decide(cuts)
            yield held or await _begun(refusing.portions(done)) or _no_more()


async def _begun(portions: AsyncIterator[Portion]) -> AsyncIterator[Portion] | None:
    """`portions`, the first released already; None where there is none."""
    first = await anext(portions, None)
    return None if first is None else _rejoined(first, portions)


async def _rejoined(first: Portion, portions: AsyncIterator[Portion]) -> AsyncIterator[Portion]:
    yield first
    async for portion in portions:
        yield portion


async def _no_more() -> AsyncIterator[Portion]:
    none: tuple[Portion, ...] = ()
    for portion in none:
        yield portion


def _nothing(stream: Stream) -> Held:
    """Every record went to the quarantine."""
    account = stream.account
    nobody = Ruling(Signatures([], []), [], [])
    return Held(stream.ident, account.first_entry, nobody, list(account.reasons))
