"""Exports from file to file: the pipeline of the proxy, an output that appears whole or not at all.

A file of records is decided in groups like a stream and can be taken up again after a crash: its
groups are the same, its persons are counted under the same references, and what lies in the part
file is not written again.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from audit_log import durable
from gateway.codecs.file_media import BY_SUFFIX
from gateway.errors import AuditFailed, CannotDecide, GatewayError, TooLarge
from gateway.export import evidence
from gateway.export.parts import Message
from gateway.export.pipeline import Held, deadline_in
from gateway.export.transfer import Route, Transfer
from gateway.node import Node
from gateway.streams.delivery import Delivery
from gateway.streams.grouped import SUFFIXES, GroupedFile, chunks, grouped
from gateway.streams.groups import Cut
from gateway.streams.journal import FORMAT, NOTHING, Beginning, Done, Journal, entered
from gateway.streams.stream import Portion, Ranges, Stream
from policies.model import Outcome, Reason

# Of files that are decided whole.
MEDIA: Final = {end: media for end, media in BY_SUFFIX.items() if end not in SUFFIXES}
CALLER: Final = "cli"
_RESUMABLE: Final = (CannotDecide, AuditFailed)  # ours: the next run may do better

Progress = Callable[[int], None]  # told how many bytes of the input are done


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file. `held`: ranges of records in the quarantine, half-open, from 0."""

    file: str
    outcome: Literal["allow", "deny", "review"]
    decision_id: str
    entry: int
    delivered: int
    quarantined: int = 0
    held: Ranges = []
    resumed: bool = False
    reasons: list[Reason] = []


@dataclass(frozen=True, slots=True)
class FileExport:
    """One file on its way."""

    node: Node
    route: Route
    source: Path
    target: Path
    progress: Progress = lambda _: None

    async def run(self) -> Summary:
        """Export the file. Raises a `GatewayError`, `OSError` or `JournalMismatch`."""
        media = MEDIA.get(self.source.suffix.lower())
        if media is not None:
            return await self._whole(media)
        return await self._stream(grouped(self.source))

    def _transfer(self, seconds: float) -> Transfer:
        return Transfer(secrets.token_hex(8), CALLER, "FILE", self.route, deadline_in(seconds))

    async def _whole(self, media: str) -> Summary:
        limits, pipeline = self.node.settings.limits, self.node.pipeline
        if self.source.stat().st_size > limits.max_body_bytes:
            raise TooLarge(f"files that are decided whole may have {limits.max_body_bytes} bytes")
        message = Message((), "", (), self.source.read_bytes(), media, from_file=True)
        result = await pipeline.export(self._transfer(limits.deadline_seconds), message)
        if isinstance(result, Held):
            return self._held(result)
        status = "aborted"
        self.node.counters.forward()
        try:
            durable.replace_file(self.target, result.message.body)
            status = "delivered"
        finally:
            await pipeline.audit.append([evidence.outcome_entry(result.entry, status)])
        self.progress(message.size)
        records = sum(result.ruling.groups.sizes())
        return Summary(
            file=str(self.source),
            outcome="allow",
            decision_id=result.decision_id,
            entry=result.entry,
            delivered=records,
        )

    async def _stream(self, input_: GroupedFile) -> Summary:
        settings, streams = self.node.settings, self.node.streams
        journal = Journal(self.target)
        begun = journal.begin(
            Beginning(
                FORMAT,
                self._digest(),
                self.route.name,
                secrets.token_hex(16),
                self.node.audit.size,
            )
        )
        last = journal.last
        if last.entry >= 0 and not journal.part.exists():  # it was renamed before the crash
            return self._finished(journal, last)
        log = self.node.settings.path(self.node.settings.audit.dir)
        stream = Stream(
            begun.ident,
            secrets.token_hex(16),
            self._transfer(settings.streams.deadline_seconds),
            Message((), "", (), b"", input_.media, from_file=True),
            settings.limits.deadline_seconds,
            again=await asyncio.to_thread(entered, log, begun, last),
            framing=input_.framing,
        )
        flows = streams.flows(self.route.settings)
        delivery = Delivery(stream, self.node.counters)
        audit = streams.stages.audit
        try:
            read = self._cuts(input_, last if flows else NOTHING)
            async with streams.open(stream, read, done=last.group + 1) as opened:
                if not isinstance(opened, Held):
                    await _Output(journal, last, stream, delivery).write(opened)
                else:
                    journal.remove()
                    return self._held(opened, stream)
        except GatewayError as error:
            await delivery.close(audit, "delivered", ended="aborted")
            if not isinstance(error, _RESUMABLE):
                journal.remove()
            raise
        try:
            await asyncio.to_thread(_publish, journal, input_)
        except GatewayError:
            await delivery.close(audit, "delivered", ended="aborted")
            raise
        await delivery.close(audit, "delivered")
        return self._finished(journal, last, stream)

    def _finished(self, journal: Journal, before: Done, stream: Stream | None = None) -> Summary:
        """The output is whole and in its place."""
        done, begun = journal.last, journal.beginning
        journal.remove()
        account = stream.account if stream else None
        return Summary(
            file=str(self.source),
            outcome="allow",
            decision_id=begun.ident if begun else "",
            entry=journal.done[0].entry if journal.done else 0,
            delivered=done.delivered,
            quarantined=before.quarantined + (account.quarantined if account else 0),
            held=account.held if account else [],
            resumed=before.entry >= 0,
            reasons=list(account.reasons) if account else [],
        )

    def _held(self, held: Held, stream: Stream | None = None) -> Summary:
        review = held.ruling.outcome is Outcome.REVIEW
        return Summary(
            file=str(self.source),
            outcome="review" if review else "deny",
            decision_id=held.decision_id,
            entry=held.entry,
            delivered=0,
            quarantined=stream.account.quarantined if stream else 0,
            held=stream.account.held if stream else [],
            reasons=list(held.reasons),
        )

    async def _cuts(self, input_: GroupedFile, behind: Done) -> AsyncIterator[Cut]:
        """The groups of the input that come after those `behind`, told as they are done."""
        self.progress(behind.input_bytes)
        for cut in input_.cuts(behind):
            yield cut
            self.progress(cut.size)

    def _digest(self) -> str:
        """A keyed digest of the input: an unkeyed one would tell what a short file holds."""
        mac = hmac.new(self.node.pipeline.keys.derive("ledger", "files"), None, "sha256")
        with self.source.open("rb") as file:
            for chunk in chunks(file):
                mac.update(chunk)
        return mac.hexdigest()


class _Output:
    """The part file of one export, and how far it has come."""

    def __init__(self, journal: Journal, last: Done, stream: Stream, delivery: Delivery) -> None:
        self._journal, self._last = journal, last
        self._stream, self._delivery = stream, delivery

    async def write(self, portions: AsyncIterator[Portion]) -> None:
        """Write the groups behind the last; each is durable before it is noted."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        part = os.open(self._journal.part, flags, 0o600)
        try:
            os.ftruncate(part, self._last.output_bytes)
            os.lseek(part, 0, os.SEEK_END)
            async for portion in portions:
                self._delivery.begin()
                durable.write_all(part, portion.body)
                os.fdatasync(part)
                self._delivery.hand_over()
                self._note(portion)
        finally:
            os.close(part)

    def _note(self, portion: Portion) -> None:
        last, before = self._journal.last, self._last
        self._journal.note(
            Done(
                group=portion.number,
                entry=portion.entry,
                input_bytes=portion.end,
                output_bytes=last.output_bytes + len(portion.body),
                records=portion.first + portion.span,
                delivered=last.delivered + portion.records,
                quarantined=before.quarantined + self._stream.account.quarantined,
            )
        )


def _publish(journal: Journal, input_: GroupedFile) -> None:
    """Put the output in its place; it appears whole or not at all. Raises `CannotDecide`."""
    whole = input_.assembled(journal.part)
    file = os.open(whole, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fsync(file)
    finally:
        os.close(file)
    whole.replace(journal.target)
    durable.sync_directory(journal.target.parent)
