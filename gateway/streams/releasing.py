"""Records in the quarantine, exported after all: decided anew, under an approval if need be.

They go through the same pipeline as everything else: what the policy denies stays denied.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.errors import CannotDecide, NotFound
from gateway.export.parts import Message
from gateway.export.pipeline import Held, Pipeline, Released, deadline_in
from gateway.export.reviews import Grant, Review
from gateway.export.stages import Ruling
from gateway.export.transfer import Route, Transfer
from gateway.export.trial import trial
from gateway.keys.keyring import KeyUnavailable
from gateway.streams.grouped import framing_of
from gateway.streams.quarantine import Quarantine, QuarantineFailed
from policies.model import Approval

METHOD: Final = "RELEASE"


@dataclass(frozen=True, slots=True)
class StillHeld:
    """The policy does not let the records leave now: they stay, and nothing was logged."""

    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Releasing:
    """Takes one review's records out of the quarantine."""

    pipeline: Pipeline
    quarantine: Quarantine
    seconds: float

    async def release(
        self, review: Review, route: Route, user: str, grant: Grant | None
    ) -> Released | Held | StillHeld:
        """Decide on the records; what is `Released` must be sent, and then `done` said.

        Raises `NotFound` where they are gone, else a `GatewayError`.
        """
        approvals: Sequence[Approval] = grant.approvals if grant else ()
        transfer = Transfer(
            secrets.token_hex(8), user, METHOD, route, deadline_in(self.seconds), approvals
        )
        message = self._message(review)
        tried = await trial(self.pipeline, transfer, message)
        if tried.body is None:
            return StillHeld(tried.ruling)
        facts = grant.fact() if grant else {}
        facts["again"] = {"entry": review.entry, "quarantined": review.records}
        return await self.pipeline.export(transfer, message, facts)

    def done(self, review: Review) -> None:
        """The records have left: they no longer lie in the quarantine. Raises `CannotDecide`."""
        try:
            self.quarantine.remove(review.file)
        except QuarantineFailed as error:
            raise CannotDecide(str(error)) from error

    def _message(self, review: Review) -> Message:
        try:
            bodies = [record.body for record in self.quarantine.read(review.file)]
        except (QuarantineFailed, KeyUnavailable) as error:
            raise NotFound(f"the records cannot be had any more: {error}") from error
        media, framing = framing_of(review.media, bodies)
        return Message((), "", (), framing.joined(bodies), media, from_file=True)
