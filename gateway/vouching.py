"""Others vouching for the log while the gateway serves: witnesses, a time-stamping authority.

Nobody waits for them: exports need the log's own disk and nothing else. What fails is tried again
later, the old cosignatures and stamps stay, and the admin listener warns.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout

from audit_log import anchor, checkpoint, note
from audit_log.anchor import TimestampInvalid
from audit_log.cosigning import Cosigning
from audit_log.publisher import Place
from gateway.node import last_signed
from gateway.settings import Settings, TsaSettings
from gateway.vouchers import tsa_roots, witness_policy

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[tuple[int, bytes]]]
"""POST a body to a URL with headers; status and body. Raises OSError where there is no answer."""

_SECONDS: Final = 20.0  # for one answer
_MAX_ANSWER: Final = 1 << 20
_STAMP_CHECKS: Final = 300.0  # seconds between looks at whether a time stamp is due

log = structlog.get_logger(__name__)


class Vouching:
    """Asks the parties that `[audit]` names. `problems` tells what did not succeed last, by part.

    Raises `ConfigError` where the policy file or the authority's certificates cannot be used.
    """

    def __init__(self, settings: Settings, post: Post) -> None:
        self._audit, self._post = settings.audit, post
        self._place = Place(settings.path(settings.audit.dir), last_signed(settings))
        self.problems: dict[str, str] = {}
        self.policy = witness_policy(settings)
        self._cosigning = (
            Cosigning(self._place, self.policy, self._plain) if self.policy is not None else None
        )
        self._roots = tsa_roots(settings) or b""

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        loops = []
        if witnesses := self._audit.witnesses:
            loops.append(self._every(witnesses.seconds, self.cosign))
        if self._audit.tsa:
            loops.append(self._every(_STAMP_CHECKS, self.stamp_if_due))
        await asyncio.gather(*loops)

    async def cosign(self) -> None:
        """Have the published checkpoint cosigned, unless it is already."""
        if self._cosigning is not None:
            await self._trying("witnesses", self._met_quorum(self._cosigning))

    async def stamp_if_due(self) -> None:
        """Fetch a time stamp where the last is old enough and the log has grown since."""
        if self._audit.tsa is not None:
            await self._trying("tsa", self._stamped(self._audit.tsa, if_due=True))

    async def stamp(self) -> None:
        """Fetch a time stamp over the published checkpoint, and keep it once it verifies."""
        if self._audit.tsa is not None:
            await self._trying("tsa", self._stamped(self._audit.tsa, if_due=False))

    async def _every(self, seconds: float, ask: Callable[[], Awaitable[None]]) -> None:
        while True:
            await ask()
            await asyncio.sleep(seconds)

    async def _trying(self, part: str, asking: Awaitable[str]) -> None:
        try:
            problem = await asking
        except Exception as error:  # whatever it is, serving goes on
            problem = f"{type(error).__name__}: {error}"
        if problem:
            log.warning("not vouched for", part=part, why=problem)
            self.problems[part] = problem
        else:
            self.problems.pop(part, None)

    async def _met_quorum(self, cosigning: Cosigning) -> str:
        if _size(self._place.cosigned) == _size(self._place.checkpoint):
            return ""
        met = await cosigning.cosign()
        return "" if met else "the quorum of witnesses did not cosign the newest checkpoint"

    async def _stamped(self, tsa: TsaSettings, *, if_due: bool) -> str:
        if if_due and not self._due(tsa):
            return ""
        signed = await asyncio.to_thread(self._place.checkpoint.read_bytes)
        request = await asyncio.to_thread(anchor.timestamp_request, signed)
        headers = {"Content-Type": anchor.REQUEST_TYPE}
        status, answer = await self._post(tsa.url, request, headers)
        if status != 200:
            return f"the time-stamping authority answered {status}"
        try:
            await asyncio.to_thread(
                anchor.keep_timestamp, self._place.directory, signed, answer, self._roots
            )
        except TimestampInvalid as error:
            return str(error)
        return ""

    def _due(self, tsa: TsaSettings) -> bool:
        last = anchor.last_stamp(self._place.directory)
        if last is None:
            return True
        old = time.time() - last.time >= tsa.hours * 3600
        return old and last.size != _size(self._place.checkpoint)

    async def _plain(self, url: str, body: bytes) -> tuple[int, bytes]:
        return await self._post(url, body, {})


@asynccontextmanager
async def posting() -> AsyncIterator[Post]:
    """POST over a session of its own; no redirects, answers of a megabyte at most."""
    async with ClientSession(timeout=ClientTimeout(total=_SECONDS)) as session:

        async def post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
            try:
                async with session.post(
                    url, data=body, headers=headers, allow_redirects=False
                ) as response:
                    answer = b""
                    async for chunk in response.content.iter_any():
                        answer += chunk
                        if len(answer) > _MAX_ANSWER:
                            raise OSError("the answer is too long")
                    return response.status, answer
            except ClientError as error:
                raise OSError(f"no answer: {error}") from error

        yield post


@asynccontextmanager
async def vouched_for(settings: Settings) -> AsyncIterator[Mapping[str, str]]:
    """Keep the log vouched for; yields what did not succeed last, by part. Raises `ConfigError`."""
    if settings.audit.witnesses is None and settings.audit.tsa is None:
        yield {}
        return
    async with posting() as post:
        vouching = Vouching(settings, post)
        asking = asyncio.create_task(vouching.run())
        try:
            yield vouching.problems
        finally:
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking


def _size(path: Path) -> int:
    """Entries that a signed checkpoint covers; -1 where there is none."""
    try:
        return checkpoint.parse(note.parse(path.read_bytes()).text).size
    except FileNotFoundError:
        return -1
