"""The recipient's answer turned back for the caller whose request it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import ClientResponse

from gateway.export import evidence
from gateway.http.exchange import Exchange
from gateway.ports import AuditSink
from gateway.treatment.events import EventRestorer
from gateway.treatment.restore import (
    JsonRestorer,
    LinesRestorer,
    Matcher,
    Restorer,
    TextRestorer,
)
from gateway.treatment.stand_ins import StandIn

# Fields of an answer that no longer hold once its body is another.
STALE: Final = frozenset(
    {"accept-ranges", "content-digest", "content-md5", "digest", "etag", "repr-digest"}
)
_RESTORERS: Final[Mapping[str, Callable[[Matcher], Restorer]]] = {
    "application/json": JsonRestorer,
    "application/x-ndjson": LinesRestorer,
    "application/jsonl": LinesRestorer,
    "text/event-stream": EventRestorer,
    "text/plain": TextRestorer,
}
_UTF8: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})
_PARTIAL: Final = 206


@dataclass(slots=True)
class Restoring:
    """One answer on its way back. Every restoration is in the log before it is passed on."""

    audit: AuditSink
    export: int
    exchange: Exchange
    matcher: Matcher
    restorer: Restorer
    _noted: bool = field(default=False)

    async def chunks(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """`body`, turned back. Raises `AuditUnavailable`, and what reading raises."""
        async for chunk in body:
            if out := self.restorer.feed(chunk):
                await self._note("begun")
                yield out
        rest = self.restorer.finish()
        await self._note("ended" if self._noted else "whole", last=True)
        if rest:
            yield rest

    async def _note(self, status: str, *, last: bool = False) -> None:
        """Write the entry that is due: with the first value, and at the end."""
        if not self.matcher.count or (self._noted and not last):
            return
        self._noted = True
        if last and self.matcher.limited:
            status = "limited"
        transfer = self.exchange.transfer
        entry: dict[str, Any] = evidence.restoration_entry(
            self.export, transfer.caller, transfer.route.name, self.matcher.count, status=status
        )
        await self.audit.append([entry])


def restoring(
    audit: AuditSink,
    export: int,
    exchange: Exchange,
    stand_ins: Mapping[str, StandIn],
    response: ClientResponse,
) -> Restoring | None:
    """How the answer to `export` is turned back; None where it passes as it is.

    It does where policy restores nothing, and where the answer is of a type, charset or coding
    that is not read, or a part only.
    """
    make = _RESTORERS.get(response.content_type)
    if response.content_type.endswith("+json"):
        make = JsonRestorer
    coded = response.headers.get("Content-Encoding", "identity").lower() != "identity"
    charset = (response.charset or "").lower()
    if not stand_ins or make is None or coded or charset not in _UTF8:
        return None
    if response.status == _PARTIAL:
        return None
    matcher = Matcher(stand_ins, exchange.caller.allowance.restore)
    return Restoring(audit, export, exchange, matcher, make(matcher))
