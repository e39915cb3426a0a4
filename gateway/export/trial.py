"""What an export would come to, without one: nobody is counted, nothing is sent or logged."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.export.parts import Message
from gateway.export.stages import Ruling, Stages, within
from gateway.export.transfer import Transfer
from policies.model import Outcome


@dataclass(frozen=True, slots=True)
class Trial:
    """The ruling, and the body as it would leave; None where it would not."""

    ruling: Ruling
    body: bytes | None


async def trial(stages: Stages, transfer: Transfer, message: Message) -> Trial:
    """Decide on and treat `message` as an export of this moment. Raises a `GatewayError`."""
    async with within(transfer.deadline):
        found = await stages.inspect(transfer, message)
        ruling = await stages.rule(transfer, found.groups, None)
        if ruling.outcome is not Outcome.DENY:
            whose = await stages.subjects(transfer, found)
            share = stages.share(ruling, found)
            ruling, _, _ = await stages.second_round(transfer, ruling, whose, share)
        if ruling.outcome is not Outcome.ALLOW:
            return Trial(ruling, None)
        outgoing = await stages.treat(transfer, found, ruling)
        return Trial(ruling, outgoing.message.body)
