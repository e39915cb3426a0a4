"""The export pipeline for a whole body: all between a request and the first byte that leaves.

Whoever gets a `Released` may send its message: its opening entry is durable already.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.errors import CannotDecide
from gateway.export import evidence
from gateway.export.parts import Message
from gateway.export.reviews import request_digest, review_facts
from gateway.export.stages import (
    ROUNDS,
    Ruling,
    Stages,
    deadline_in,
    ledger_errors,
    within,
)
from gateway.export.transfer import Transfer
from gateway.export.work import Inspected
from gateway.ledger.model import TallyMoved
from gateway.ledger.subjects import Subjects
from gateway.treatment.stand_ins import StandIn
from policies.model import Outcome, Reason

__all__ = ["Held", "Pipeline", "Released", "Ruling", "deadline_in"]


@dataclass(frozen=True, slots=True)
class Released:
    """A durable decision to send `message`; `stand_ins`: what its answer may be restored from."""

    decision_id: str
    entry: int
    ruling: Ruling
    message: Message
    stand_ins: Mapping[str, StandIn] = field(repr=False)
    anonymity: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A durable decision not to send. `reasons` and pointers may be told to the caller."""

    decision_id: str
    entry: int
    ruling: Ruling
    reasons: Sequence[Reason]


PATH_TREATED: Final = Reason(
    code="path.treatment",
    en="The policy wants a part of the request path treated; without it the request would mean "
    "something else. Move the value into the body or the query.",
    zh="策略要求处理请求路径中的内容，处理后请求含义会改变。请将该值移至请求体或查询参数。",
    citation="PIPL art 51",
)


class Pipeline(Stages):
    """The stages in their order."""

    __slots__ = ()

    async def export(
        self, transfer: Transfer, message: Message, extra: Mapping[str, Any] | None = None
    ) -> Released | Held:
        """Decide on `message`; what comes back is in the audit log already, with the `extra` facts.

        What is held for review can be approved, bound to this message (`gateway.export.reviews`).

        Raises a `GatewayError` (then nothing may be sent): malformed or unsupported bodies,
        `CannotDecide` (also where the deadline passes), `AuditFailed`.
        """
        async with within(transfer.deadline):
            found = await self.inspect(transfer, message)
            ruling = await self.rule(transfer, found.groups, None)
            if ruling.outcome is Outcome.DENY:
                return await self._hold(transfer, found, ruling, ruling.reasons(), extra)
            whose = await self.subjects(transfer, found)
            for _ in range(ROUNDS):
                result = await self._counted(transfer, found, ruling, whose, extra)
                if result is not None:
                    return result
            raise CannotDecide("other exports kept changing this year's counts; try again")

    async def _counted(
        self,
        transfer: Transfer,
        found: Inspected,
        first: Ruling,
        whose: Subjects,
        extra: Mapping[str, Any] | None,
    ) -> Released | Held | None:
        """Round 2 with the counts of this moment; None where another export overtook it."""
        decision_id = secrets.token_hex(16)
        share = self.share(first, found)
        ruling, bands, year = await self.second_round(transfer, first, whose, share)
        if ruling.outcome is not Outcome.ALLOW:
            return await self._hold(transfer, found, ruling, ruling.reasons(), extra)
        outgoing = await self.treat(transfer, found, ruling)
        if outgoing.path_treated:
            return await self._hold(transfer, found, ruling, [PATH_TREATED], extra)
        persons = ruling.persons(whose)
        tally = None
        try:
            with ledger_errors():
                if persons or share:
                    tally = await self.ledger.commit(
                        persons, bands, year=year, export_ref=decision_id, share=share
                    )
        except TallyMoved:
            return None
        facts = self.facts(transfer, found, decision_id) | {
            **(extra or {}),
            "outcome": Outcome.ALLOW.value,
            "released": True,
            "bytes_out": outgoing.message.size,
            "treatments": evidence.applied_facts(outgoing.applied),
            "persons": evidence.tally_facts(tally) if tally else None,
            **evidence.anonymity_facts(outgoing.anonymity),
        }
        facts["commitment"] = self.commitments.outgoing(facts["commitment"], outgoing.message.body)
        entry = await self.append(ruling.pairs(), facts)
        message, stand_ins = outgoing.message, outgoing.stand_ins
        return Released(decision_id, entry, ruling, message, stand_ins, outgoing.anonymity)

    async def _hold(
        self,
        transfer: Transfer,
        found: Inspected,
        ruling: Ruling,
        reasons: Sequence[Reason],
        extra: Mapping[str, Any] | None,
    ) -> Held:
        decision_id = secrets.token_hex(16)
        outcome = Outcome.REVIEW if ruling.outcome is Outcome.REVIEW else Outcome.DENY
        facts = self.facts(transfer, found, decision_id) | {
            **(extra or {}),
            "outcome": outcome.value,
            "released": False,
            "reasons": [reason.code for reason in reasons],
        }
        if outcome is Outcome.REVIEW:
            digest = request_digest(self.keys, transfer, found.message)
            facts |= review_facts(ruling, digest)
        entry = await self.append(ruling.pairs(), facts)
        return Held(decision_id, entry, ruling, reasons)
