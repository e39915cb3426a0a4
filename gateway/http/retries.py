"""`Idempotency-Key` on the data listener: a request that was sent before is not sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from gateway.errors import BadRequest
from gateway.export.idempotency import FACT, Known, RequestDigest, Retries, check_same
from gateway.http import replies
from policies.model import Outcome

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Silkgate-Replayed"
_MAX_KEY: Final = 255


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request with a key: how the key is known, the digest, and what became of it earlier."""

    name: str
    digest: RequestDigest
    known: Known | None

    def fact(self) -> dict[str, Any]:
        """For the opening entry, once the whole body was read."""
        return {FACT: {"key": self.name, "request": self.digest.hex()}}

    def key_fact(self) -> dict[str, Any]:
        """For the opening entry of a group, while the body is still arriving."""
        return {FACT: {"key": self.name}}

    async def reading(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """`body`, taken into the digest on its way."""
        async for chunk in body:
            self.digest.update(chunk)
            yield chunk

    def replay(self, known: Known) -> web.Response:
        """The recorded reply, after the whole body was read. Raises `KeyReused`."""
        check_same(known, self.digest.hex())
        names = {
            replies.DECISION: Outcome.ALLOW.value,
            replies.DECISION_ID: known.decision_id,
            replies.ENTRY: str(known.entry),
            REPLAYED: "true",
        }
        return web.Response(status=known.http_status, headers=names)


@contextmanager
def attempt(
    retries: Retries, request: web.BaseRequest, caller: str, route: str
) -> Iterator[Attempt | None]:
    """The request's attempt, None where it has no key. Raises `KeyInUse`, `OutcomeUnknown`."""
    keys = request.headers.getall(HEADER, [])
    if not keys:
        yield None
        return
    if len(keys) > 1 or not 0 < len(keys[0]) <= _MAX_KEY:
        raise BadRequest(f"send one {HEADER} of 1 to {_MAX_KEY} characters")
    name = retries.name(caller, route, keys[0])
    known = retries.claim(name)
    head = (request.method, request.raw_path, request.headers.get("Content-Type", ""))
    try:
        yield Attempt(name, retries.digest(*head), known)
    finally:
        retries.release(name)
