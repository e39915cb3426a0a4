"""`on_denied = "quarantine"`: groups leave as they come; records that may not leave stay behind.

A group is released once its held records lie in the quarantine, its persons are counted and its
opening entry is durable.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from gateway.errors import CannotDecide
from gateway.export import evidence
from gateway.export.reviews import review_facts
from gateway.export.stages import (
    ROUNDS,
    Ruling,
    Stages,
    caps,
    ledger_errors,
    within,
)
from gateway.export.work import Inspected, Outgoing, off_loop
from gateway.keys.keyring import KeyUnavailable
from gateway.ledger.model import Share, TallyMoved
from gateway.ledger.subjects import Subjects
from gateway.streams.ahead import Ahead, looked_at
from gateway.streams.groups import Cut
from gateway.streams.quarantine import HeldRecord, Quarantine, QuarantineFailed
from gateway.streams.stream import Portion, Stream, ranges, released_facts
from policies.model import Bands


async def flowing(
    stages: Stages, stream: Stream, cuts: AsyncIterator[Cut], quarantine: Quarantine
) -> AsyncIterator[Portion]:
    """What leaves, group by group. Raises a `GatewayError`, after which nothing more may leave."""
    begun: deque[_Group] = deque()
    several = stages.work.parallel > 1
    try:
        async with aclosing(looked_at(stages, stream, cuts)) as groups:
            async for ahead in groups:
                begun.append(_Group(stages, stream, ahead, quarantine, at_once=several))
                if len(begun) < stages.work.parallel:
                    continue
                if (portion := await begun.popleft().pass_on()) is not None:
                    yield portion
            while begun:
                if (portion := await begun.popleft().pass_on()) is not None:
                    yield portion
    finally:
        for group in begun:
            await group.leave()


@dataclass(frozen=True, slots=True)
class _Known:
    """What stays as it is, however often a group is decided."""

    found: Inspected
    first: Ruling
    whose: Subjects
    share: Share | None


@dataclass(frozen=True, slots=True)
class _Counted:
    """A group decided on `bands`, and treated; `outgoing` is None where all of it is held."""

    ruling: Ruling
    bands: Bands
    year: int
    held: Sequence[bool]
    outgoing: Outgoing | None


class _Group:
    """One group on its way."""

    def __init__(
        self,
        stages: Stages,
        stream: Stream,
        ahead: Ahead,
        quarantine: Quarantine,
        *,
        at_once: bool,
    ) -> None:
        """With `at_once`, it is decided and treated while those before it are passed on."""
        self._stages, self._stream, self._transfer = stages, stream, stream.group()
        self._ahead, self._cut, self._quarantine = ahead, ahead.cut, quarantine
        self._beginning = asyncio.create_task(self._begin()) if at_once else None

    async def leave(self) -> None:
        """Let go of it: the stream has ended."""
        if self._beginning is not None:
            self._beginning.cancel()
            await asyncio.gather(self._beginning, return_exceptions=True)

    async def pass_on(self) -> Portion | None:
        """What may leave of the group; None where nothing may."""
        known, counted = await (self._beginning or self._begin())
        async with within(self._transfer.deadline):
            for attempt in range(ROUNDS):
                if attempt:
                    counted = await self._counted(known)
                try:
                    return await self._released(known, counted)
                except TallyMoved:
                    continue
        raise CannotDecide("other exports kept changing this year's counts; try again")

    async def _begin(self) -> tuple[_Known, _Counted]:
        """Decide and treat it, whatever those before it will count: that shows when it counts."""
        stages, transfer = self._stages, self._transfer
        async with within(transfer.deadline):
            found = await self._ahead.found(stages, self._stream, transfer)
            first = await stages.rule(transfer, found.groups, None)
            share = stages.share(first, found)
            known = _Known(found, first, await stages.subjects(transfer, found), share)
            return known, await self._counted(known)

    async def _counted(self, known: _Known) -> _Counted:
        """Round 2 with the counts of this moment, and what it makes of the group."""
        stages, transfer, found = self._stages, self._transfer, known.found
        ruling, bands, year = await stages.second_round(
            transfer, known.first, known.whose, known.share
        )
        held = ruling.held()
        outgoing = None
        if not all(held):
            outgoing = await stages.treat(transfer, found, ruling, head_sent=True)
        return _Counted(ruling, bands, year, held, outgoing)

    async def _released(self, known: _Known, counted: _Counted) -> Portion | None:
        """Count its persons and enter it. Raises `TallyMoved` where others have counted more."""
        stages, framing = self._stages, self._stream.framing
        ruling, held, outgoing = counted.ruling, counted.held, counted.outgoing
        facts = self._stream.facts(stages, self._transfer, known.found, self._cut)
        if outgoing is None:
            await self._all_held(ruling, facts)
            return None
        persons, tally = ruling.persons(known.whose), None
        with ledger_errors():
            if persons or known.share:
                reference = self._stream.reference(self._cut.number)
                tally = await stages.ledger.commit(
                    persons,
                    caps(counted.bands),
                    year=counted.year,
                    export_ref=reference,
                    share=known.share,
                )
        self._stream.keep(outgoing.stand_ins)
        facts |= await self._hold(ruling, held)
        # Records of the treated body are those of the group: what stays can be told by its place.
        leaving, _ = framing.parted(outgoing.message.body, held)
        leaving = framing.written(leaving, self._cut)
        told = evidence.tally_facts(tally) if tally else None
        facts |= released_facts(leaving, evidence.applied_facts(outgoing.applied), told)
        facts["commitment"] = stages.commitments.outgoing(facts["commitment"], leaving)
        entry = await self._stream.enter(stages, ruling.pairs(), facts)
        numbers = self._numbers(held)
        self._stream.account.hold(numbers, ruling.reasons() if numbers else ())
        return self._stream.account.release(
            Portion(
                self._cut.number,
                entry,
                self._cut.first_record,
                self._cut.records,
                self._cut.records - len(numbers),
                self._ahead.end,
                leaving,
            )
        )

    async def _all_held(self, ruling: Ruling, facts: dict[str, Any]) -> None:
        held = [True] * self._cut.records
        facts |= await self._hold(ruling, held)
        facts |= {
            "outcome": ruling.outcome.value,
            "released": False,
            "reasons": [reason.code for reason in ruling.reasons()],
        }
        entry = await self._stream.enter(self._stages, ruling.pairs(), facts)
        account = self._stream.account
        account.entered += self._cut.records
        account.first_entry = account.first_entry or entry
        account.hold(self._numbers(held), ruling.reasons())

    async def _hold(self, ruling: Ruling, held: Sequence[bool]) -> dict[str, Any]:
        """Put the held records into the quarantine, durably, and say so. Raises `CannotDecide`."""
        numbers = self._numbers(held)
        if not numbers:
            return {}
        _, bodies = self._stream.framing.parted(self._cut.body, held)
        records = [HeldRecord(*pair) for pair in zip(numbers, bodies, strict=True)]
        name = f"{self._stream.reference(self._cut.number)}.quarantined"
        message = replace(self._stream.head, body=self._cut.body)
        try:
            await off_loop(message, self._quarantine.keep, name, records)
        except (QuarantineFailed, KeyUnavailable) as error:
            raise CannotDecide(f"records cannot be held back: {error}") from error
        where = [list(pair) for pair in ranges(numbers)]
        kept = {"quarantined": len(numbers), "quarantine": {"file": name, "records": where}}
        return kept | review_facts(ruling)

    def _numbers(self, held: Sequence[bool]) -> list[int]:
        first = self._cut.first_record
        return [first + n for n, stays in enumerate(held[: self._cut.records]) if stays]
