"""`on_denied = "refuse"`: a stream is spooled whole, and nothing is sent before the last decision.

In one pass every group is inspected, decided, treated and spooled; the second round rests on the
most persons the year can count with the groups so far. When the last group is in, those that were
decided on a lower band are decided again. Then all persons are counted, and only then the groups
leave, one opening entry each.

Where a group needs a person, the rest is still read and decided, so that the review knows all its
reasons and the digest of the whole.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from gateway.errors import CannotDecide
from gateway.export import evidence
from gateway.export.pipeline import Held
from gateway.export.reviews import review_facts
from gateway.export.signature import Signatures
from gateway.export.stages import (
    ROUNDS,
    Pair,
    Ruling,
    Stages,
    caps,
    ledger_errors,
    outcome_of,
    within,
)
from gateway.export.transfer import Transfer
from gateway.export.work import Inspected
from gateway.ledger.model import Person, Share, TallyMoved
from gateway.streams.ahead import Ahead, looked_at
from gateway.streams.bound import Bound
from gateway.streams.groups import Cut
from gateway.streams.spool import Block, Spool, SpoolFailed
from gateway.streams.stream import Portion, Stream, released_facts
from policies.model import Bands, Decision, Outcome, PolicyInput, Reason, encode

MAX_DENIED: Final = 32  # shapes that the entry of a held stream names

_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE_PERSONS: Final = msgspec.msgpack.Decoder(list[Person]).decode
_DECODE_FACTS: Final = msgspec.msgpack.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Waiting:
    """A group that may leave if the rest of the stream may. `body` is None where it is `raw`."""

    cut: Cut  # without its body
    raw: Block
    body: Block | None
    persons: Block | None
    share: Share | None
    bands: Bands | None  # on which round 2 rested; None where nobody counts
    pairs: Sequence[Pair]
    facts: Block
    end: int
    tally: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A group on which policy has been asked; `persons` and `bands` as in `Waiting`."""

    ahead: Ahead
    transfer: Transfer
    found: Inspected
    ruling: Ruling
    persons: Sequence[Person]
    share: Share | None
    bands: Bands | None


class _Stopped(Exception):
    """A group may not leave, so nothing does."""

    def __init__(self, ruling: Ruling, reasons: Sequence[Reason]) -> None:
        super().__init__("the stream is held")
        self.ruling, self.reasons = ruling, reasons


class Refusing:
    """One stream under way to a decision."""

    def __init__(self, stages: Stages, stream: Stream, spool: Spool) -> None:
        self._stages, self._stream, self._spool = stages, stream, spool
        self._bound = Bound(stages.ledger, stages.edges)
        self._waiting: list[Waiting] = []
        self._questions: dict[bytes, PolicyInput] = {}  # equal ones, held once
        # Of groups that need a person, or that a route in shadow mode only looks at.
        self._staying: list[Pair] = []

    async def decide(self, cuts: AsyncIterator[Cut]) -> Held | None:
        """Take the whole stream in and decide; None where it may leave, its persons counted.

        Raises a `GatewayError`: then nothing may leave either.
        """
        try:
            await self._take(cuts)
            if self._staying:
                staying = sorted(self._staying, key=lambda pair: _leaves(pair[1]))
                ruling = _shortened(staying)
                return await self._held(ruling, ruling.reasons())
            self._stream.check_grant(self._stages.engine.revision)
            async with within(self._stream.transfer.deadline):
                await self._count()
        except _Stopped as stopped:
            return await self._held(stopped.ruling, stopped.reasons)
        except SpoolFailed as error:
            raise CannotDecide(str(error)) from error
        self._stream.account.decided = True
        return None

    async def portions(self, done: int = 0) -> AsyncIterator[Portion]:
        """What leaves, once `decide` has returned None. Raises `AuditFailed`, `CannotDecide`.

        The first `done` groups have left in an earlier run, which accounts for them.
        """
        account = self._stream.account
        account.accepted -= sum(waiting.cut.records for waiting in self._waiting[:done])
        for waiting in self._waiting[done:]:
            cut = waiting.cut
            body = self._leaving(waiting)
            facts = _DECODE_FACTS(self._read(waiting.facts)) | {"persons": waiting.tally}
            async with within(self._stream.transfer.deadline):
                entry = await self._stream.enter(self._stages, waiting.pairs, facts)
            yield account.release(
                Portion(
                    cut.number, entry, cut.first_record, cut.records, cut.records, waiting.end, body
                )
            )

    async def _take(self, cuts: AsyncIterator[Cut]) -> None:
        """Decide group after group; with several workers, treatments overlap what comes next."""
        treating: deque[asyncio.Task[Waiting]] = deque()
        try:
            async with aclosing(looked_at(self._stages, self._stream, cuts)) as groups:
                async for ahead in groups:
                    async with within(self._stream.group().deadline):
                        ruled = await self._ruled(ahead, None)
                    if ruled.ruling.outcome is not Outcome.ALLOW:
                        self._staying += self._interned(ruled.ruling.pairs())
                    if self._staying:
                        continue
                    treating.append(asyncio.create_task(self._treated(ruled)))
                    if len(treating) >= self._stages.work.parallel:
                        self._waiting.append(await treating.popleft())
                while treating:
                    self._waiting.append(await treating.popleft())
        finally:
            for task in treating:
                task.cancel()
            await asyncio.gather(*treating, return_exceptions=True)

    async def _ruled(self, ahead: Ahead, bands: Bands | None) -> _Ruled:
        """Both rounds for one group, on `bands` or else the bound so far."""
        stages, stream = self._stages, self._stream
        transfer = stream.group()
        found = await ahead.found(stages, stream, transfer)
        ruling = await stages.rule(transfer, found.groups, None)
        if transfer.route.shadow and ruling.outcome is not Outcome.ALLOW:
            return _Ruled(ahead, transfer, found, ruling, [], None, None)
        _stop_at(ruling, Outcome.DENY)
        whose = await stages.subjects(transfer, found)
        persons, share = ruling.candidates(whose), stages.share(ruling, found)
        counting = not all(person.exempt for person in persons)
        if counting or share:
            with ledger_errors():
                bands = bands or await self._bound.add(persons, share)
            unaccounted = counting and self._bound.opening_missing
            ruling = await stages.rule_again(transfer, ruling, bands, unaccounted=unaccounted)
            _stop_at(ruling, Outcome.DENY)
            persons = ruling.persons(whose)
        else:
            bands = None
        return _Ruled(ahead, transfer, found, ruling, persons, share, bands)

    async def _treated(self, ruled: _Ruled) -> Waiting:
        """The group as it will leave, spooled."""
        stages, stream, cut = self._stages, self._stream, ruled.ahead.cut
        transfer, found, ruling, persons = ruled.transfer, ruled.found, ruled.ruling, ruled.persons
        async with within(transfer.deadline):
            outgoing = await stages.treat(transfer, found, ruling, head_sent=True)
        stream.keep(outgoing.stand_ins)
        changed = outgoing.message.body is not cut.body
        leaving = stream.framing.written(outgoing.message.body, cut)
        facts = stream.facts(stages, transfer, found, cut) | released_facts(
            leaving, evidence.applied_facts(outgoing.applied), None
        )
        facts |= evidence.anonymity_facts(outgoing.anonymity)
        facts["commitment"] = stages.commitments.outgoing(facts["commitment"], leaving)
        write = self._spool.write
        return Waiting(
            cut=replace(cut, body=b""),
            raw=write(cut.body),
            body=write(leaving) if changed else None,
            persons=write(_ENCODE(persons)) if persons else None,
            share=ruled.share,
            bands=ruled.bands,
            pairs=self._interned(ruling.pairs()),
            facts=write(_ENCODE(facts)),
            end=ruled.ahead.end,
        )

    async def _count(self) -> None:
        """Decide the second round for good, then count everybody."""
        for attempt in range(ROUNDS):
            with ledger_errors():
                if attempt:  # some may be counted already, and would be twice in the old bound
                    await self._rebound()
                bands, year = await self._bound.now()
            for place, waiting in enumerate(self._waiting):
                if waiting.bands is not None and waiting.bands != bands:
                    self._waiting[place] = await self._again(waiting, bands)
            try:
                await self._commit(bands, year)
            except TallyMoved:
                continue
            return
        raise CannotDecide("other exports kept changing this year's counts; try again")

    async def _rebound(self) -> None:
        """Begin the bound anew, on what the ledger holds now."""
        self._bound = Bound(self._stages.ledger, self._stages.edges)
        for waiting in self._waiting:
            if waiting.bands is not None:
                persons = _DECODE_PERSONS(self._read(waiting.persons)) if waiting.persons else []
                share = waiting.share
                if share and waiting.tally is not None:  # its volume is in the ledger
                    share = Share(share.of, 0, 0)
                await self._bound.add(persons, share)

    async def _again(self, waiting: Waiting, bands: Bands) -> Waiting:
        """The group on other `bands`; worked on anew only where that changes a decision."""
        pairs: list[Pair] = []
        for question, _, records in waiting.pairs:
            asked = msgspec.structs.replace(question, bands=bands)
            pairs.append((asked, await self._stages.decide(asked), records))
        if all(new[1] == old[1] for new, old in zip(pairs, waiting.pairs, strict=True)):
            return replace(waiting, bands=bands, pairs=self._interned(pairs))
        cut = replace(waiting.cut, body=self._read(waiting.raw))
        ruled = await self._ruled(Ahead(cut, waiting.end), bands)
        _stop_at(ruled.ruling, Outcome.REVIEW)
        return await self._treated(ruled)

    async def _commit(self, bands: Bands, year: int) -> None:
        """Count everybody. What was counted when an edge is met stays counted, never sent."""
        for place, waiting in enumerate(self._waiting):
            if waiting.tally is not None or not (waiting.persons or waiting.share):
                continue
            persons = _DECODE_PERSONS(self._read(waiting.persons)) if waiting.persons else []
            with ledger_errors():
                tally = await self._stages.ledger.commit(
                    persons,
                    caps(bands),
                    year=year,
                    export_ref=self._stream.reference(waiting.cut.number),
                    share=waiting.share,
                )
            self._waiting[place] = replace(waiting, tally=evidence.tally_facts(tally))

    async def _held(self, ruling: Ruling, reasons: Sequence[Reason]) -> Held:
        """One entry for the whole stream: nothing leaves."""
        stream, account = self._stream, self._stream.account
        outcome = Outcome.REVIEW if ruling.outcome is Outcome.REVIEW else Outcome.DENY
        facts = stream.whole_facts(self._stages) | {
            "outcome": outcome.value,
            "released": False,
            "reasons": [reason.code for reason in reasons],
        }
        if outcome is Outcome.REVIEW and stream.request is not None:
            facts |= review_facts(ruling, stream.request.hex())
        entry = await self._stages.append(ruling.pairs(), facts)
        account.entered = account.accepted
        return Held(stream.ident, entry, ruling, reasons)

    def _interned(self, pairs: Sequence[Pair]) -> list[Pair]:
        known = self._questions
        return [(known.setdefault(encode(q), q), d, n) for q, d, n in pairs]

    def _leaving(self, waiting: Waiting) -> bytes:
        if waiting.body is not None:
            return self._read(waiting.body)
        return self._stream.framing.written(self._read(waiting.raw), waiting.cut)

    def _read(self, block: Block) -> bytes:
        try:
            return self._spool.read(block)
        except SpoolFailed as error:
            raise CannotDecide(str(error)) from error


def _stop_at(ruling: Ruling, strictest: Outcome) -> None:
    if ruling.outcome in (Outcome.DENY, strictest):
        raise _Stopped(ruling, ruling.reasons())


def _leaves(decision: Decision) -> bool:
    return outcome_of(decision) is Outcome.ALLOW


def _shortened(pairs: Sequence[Pair]) -> Ruling:
    """The decisions among `pairs`, each once, as far as an entry can hold them."""
    distinct = list({encode(question): (question, d) for question, d, _ in pairs}.values())
    questions = [question for question, _ in distinct[:MAX_DENIED]]
    groups = Signatures([question.fields for question in questions], [])
    return Ruling(groups, questions, [decision for _, decision in distinct[:MAX_DENIED]])
