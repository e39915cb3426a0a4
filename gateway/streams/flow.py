"""`on_denied = "quarantine"`: groups leave as they come; records that may not leave stay behind.

A group is released once its held records lie in the quarantine, its persons are counted and its
opening entry is durable.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
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
from gateway.export.transfer import Transfer
from gateway.export.work import Inspected, off_loop
from gateway.keys.keyring import KeyUnavailable
from gateway.ledger.model import TallyMoved
from gateway.ledger.subjects import Subjects
from gateway.streams.ahead import Ahead, looked_at
from gateway.streams.groups import Cut
from gateway.streams.quarantine import HeldRecord, Quarantine, QuarantineFailed
from gateway.streams.stream import Portion, Stream, ranges, released_facts


async def flowing(
    stages: Stages, stream: Stream, cuts: AsyncIterator[Cut], quarantine: Quarantine
) -> AsyncIterator[Portion]:
    """What leaves, group by group. Raises a `GatewayError`, after which nothing more may leave."""
    async with aclosing(looked_at(stages, stream, cuts)) as groups:
        async for ahead in groups:
            transfer = stream.group()
            async with within(transfer.deadline):
                portion = await _Group(stages, stream, transfer, ahead, quarantine).pass_on()
            if portion is not None:
                yield portion


class _Group:
    """One group on its way."""

    def __init__(
        self,
        stages: Stages,
        stream: Stream,
        transfer: Transfer,
        ahead: Ahead,
        quarantine: Quarantine,
    ) -> None:
        self._stages, self._stream, self._transfer = stages, stream, transfer
        self._ahead, self._cut, self._quarantine = ahead, ahead.cut, quarantine

    async def pass_on(self) -> Portion | None:
        """What may leave of the group; None where nothing may."""
        stages, transfer = self._stages, self._transfer
        found = await self._ahead.found(stages, self._stream, transfer)
        first = await stages.rule(transfer, found.groups, None)
        whose = await stages.subjects(transfer, found)
        for _ in range(ROUNDS):
            try:
                return await self._counted(found, first, whose)
            except TallyMoved:
                continue
        raise CannotDecide("other exports kept changing this year's counts; try again")

    async def _counted(self, found: Inspected, first: Ruling, whose: Subjects) -> Portion | None:
        stages, framing = self._stages, self._stream.framing
        ruling, bands, year = await stages.second_round(self._transfer, first, whose)
        held = ruling.held()
        facts = self._stream.facts(stages, self._transfer, found, self._cut)
        if all(held):
            await self._all_held(ruling, facts)
            return None
        outgoing = await stages.treat(self._transfer, found, ruling, head_sent=True)
        self._stream.keep(outgoing.stand_ins)
        persons, tally = ruling.persons(whose), None
        with ledger_errors():
            if persons:
                reference = self._stream.reference(self._cut.number)
                tally = await stages.ledger.commit(
                    persons, caps(bands), year=year, export_ref=reference
                )
        facts |= await self._hold(ruling, held)
        # Records of the treated body are those of the group: what stays can be told by its place.
        leaving, _ = framing.parted(outgoing.message.body, held)
        leaving = framing.written(leaving, self._cut)
        counted = evidence.tally_facts(tally) if tally else None
        facts |= released_facts(leaving, evidence.applied_facts(outgoing.applied), counted)
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
