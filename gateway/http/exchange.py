"""One admitted request on its way through the listener."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.export.parts import Message
from gateway.export.transfer import Transfer
from gateway.http.callers import Caller
from gateway.http.paths import Target
from gateway.http.upstream import Upstream


@dataclass(frozen=True, slots=True)
class Exchange:
    """The request, who sent it and where to, and the transfer that it asks for.

    `head` is what may leave of the request, short of its body; `streamed` bodies are records.
    """

    request: web.BaseRequest
    caller: Caller
    target: Target
    transfer: Transfer
    head: Message
    upstream: Upstream
    streamed: bool

    def within(self, most: int) -> int:
        """Bytes that the body may have where `most` holds for everybody."""
        return min(most, self.caller.max_body_bytes or most)
